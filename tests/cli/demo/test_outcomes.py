"""How the demo's courses turn out (CLINICAL.md, section 4)."""

from collections import defaultdict
from datetime import timedelta
from random import Random
from statistics import median

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.cli.demo.courseways import Way, before_each, deal_responses, deal_ways, two_hours_after
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.progress import Series, progress
from scheduler.features.ratings.queries.facts import asked_of_all
from scheduler.features.ratings.queries.series import first_infusion_at, series_of
from scheduler.models import (
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    ProtocolVersion,
    Rating,
    TimePoint,
)
from tests.cli.demo.conftest import Made

Totals = dict[int, int]


def _whole_courses(session: Session) -> list[Totals]:
    """Of each completed course of six: the rating before each infusion, by number."""
    rows = session.execute(
        select(Course.id, Infusion.number, Rating.total)
        .join(Infusion, Infusion.course_id == Course.id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .join(Rating, Rating.infusion_id == Infusion.id)
        .where(
            Course.status == CourseStatus.COMPLETED,
            ProtocolVersion.infusions == 6,
            Rating.time_point == TimePoint.PRE,
            Rating.instrument == "anxiety_now",
        )
    )
    found: defaultdict[int, Totals] = defaultdict(dict)
    for course_id, number, total in rows:
        found[course_id][number] = total
    return list(found.values())


def test_outcomes_are_those_of_a_real_clinic(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        courses = _whole_courses(session)
        count = session.scalar(
            select(func.count(Course.id))
            .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
            .where(Course.status == CourseStatus.COMPLETED, ProtocolVersion.infusions == 6)
        )
    assert len(courses) == count >= 45
    assert all(1 in one and 6 in one for one in courses)
    responders = [one for one in courses if one[6] <= one[1] / 2]
    assert 0.54 <= len(responders) / len(courses) <= 0.71
    assert 0.24 <= sum(one[6] <= 2 for one in courses) / len(courses) <= 0.34
    assert 0.05 <= sum(one[6] >= one[1] + 2 for one in courses) / len(courses) <= 0.11
    infusions = [min(n for n, value in one.items() if value <= one[1] / 2) - 1 for one in responders]
    assert median(infusions) == 3
    assert max(infusions) == 5


def test_gad_7_responds_remits_and_holds_as_in_a_real_clinic(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        courses = session.scalars(
            select(Course.id)
            .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
            .where(Course.status == CourseStatus.COMPLETED, ProtocolVersion.infusions == 6)
            .order_by(Course.id)
        ).all()
        series = [series_of(session, course_id).get(("gad7", 1)) for course_id in courses]
        starts = [first_infusion_at(session, course_id) for course_id in courses]
    found = []
    for one, start in zip(series, starts, strict=True):
        ends = [value for value in one.values if value.point is not TimePoint.WEEKLY] if one else []
        if one and len(ends) > 2:
            found.append(progress(Series(one.instrument, tuple(ends)), start))
    assert len(found) >= 40
    assert 0.5 <= sum(bool(one.responds) for one in found) / len(found) <= 0.75
    assert 0.2 <= sum(bool(one.remits) for one in found) / len(found) <= 0.4
    assert 0.03 <= sum(bool(one.is_worse) for one in found) / len(found) <= 0.14


@pytest.mark.parametrize("count", [40, 61, 75, 100])
def test_shares_are_dealt_out_for_any_number_of_courses(count: int) -> None:
    ways = deal_ways(Random(1), count)
    responding = sum(way in (Way.REMITS, Way.RESPONDS) for way in ways)
    assert len(ways) == count
    assert 0.54 <= responding / count <= 0.71
    assert median(deal_responses(Random(1), responding)) == 3


def test_each_way_ends_as_its_name_says() -> None:
    chance = Random(6)
    for _ in range(300):
        for response in range(1, 6):
            remits, responds = (before_each(chance, way, response) for way in (Way.REMITS, Way.RESPONDS))
            assert remits[5] <= 2
            assert responds[5] >= 3
            for values in (remits, responds):
                assert [value <= values[0] / 2 for value in values].index(True) == response
                assert values[5] <= values[0] / 2
        partly, placebo, worse = (before_each(chance, way, 0) for way in (Way.PARTLY, Way.PLACEBO, Way.WORSE))
        assert partly[5] > partly[0] / 2
        assert placebo[5] >= placebo[0] - 1 and placebo[1] < placebo[0]
        assert worse[5] >= worse[0] + 2
        assert all(
            len(values) == 6 and 0 <= min(values) <= max(values) <= 10 for values in (partly, placebo, worse)
        )


def test_anxiety_falls_within_a_visit_in_most_and_a_few_ratings_are_lacking(clinic: Made) -> None:
    with clinic.database.read() as session:
        rated: defaultdict[int, dict[TimePoint, int]] = defaultdict(dict)
        for infusion_id, point, total in session.execute(
            select(Rating.infusion_id, Rating.time_point, Rating.total).where(
                Rating.instrument == "anxiety_now"
            )
        ):
            rated[infusion_id][point] = total
        done = session.scalars(select(Infusion.id).where(Infusion.status == InfusionStatus.COMPLETED)).all()
    pairs = [rated[one] for one in done if len(rated[one]) == 2]
    fell = sum(pair[TimePoint.POST_2H] < pair[TimePoint.PRE] for pair in pairs)
    assert fell / len(pairs) > 0.6
    assert 0.02 < 1 - len(pairs) / len(done) < 0.2


def test_relief_within_a_visit_stays_on_the_scale() -> None:
    chance = Random(6)
    values = [two_hours_after(chance, way, before) for way in Way for before in range(11) for _ in range(20)]
    assert 0 <= min(values) <= max(values) <= 10


def test_ratings_lie_at_their_time_and_in_the_past(any_clinic: Made) -> None:
    with any_clinic.database.read() as session:
        rows = session.execute(
            select(Rating, Infusion).join(Infusion, Infusion.id == Rating.infusion_id)
        ).all()
    assert all(rating.rated_at <= rating.entered_at <= any_clinic.now for rating, _ in rows)
    for rating, infusion in rows:
        if rating.time_point is TimePoint.PRE:
            assert infusion.arrived_at < rating.rated_at < infusion.ends_at
        elif rating.time_point is TimePoint.POST_2H:
            begun = infusion.started_at + timedelta(minutes=20)  # After the preparation.
            hours = (rating.rated_at - begun).total_seconds() / 3600
            assert 1.75 < hours < 2.5


def test_every_questionnaire_lies_within_the_occasion_that_asked_for_it(clinic: Made) -> None:
    with clinic.database.read() as session:
        courses = session.scalars(select(Course).order_by(Course.id)).all()
        asked = asked_of_all(session, courses)
        rows = session.scalars(select(Rating).where(Rating.instrument != "anxiety_now")).all()
        assert len(rows) > 500
        for row in rows:
            one = asked[row.course_id].of(Slot(row.time_point, row.infusion_id, row.week))
            assert one.opens_at <= row.rated_at < one.closes_at, (row.time_point, row.infusion_id)

"""Progress of a course: instruments apart, like set beside like, past courses in numbers that hide nobody."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import NotFoundError
from scheduler.features.ratings.instruments import ANXIETY_NOW, GAD7, PHQ9
from scheduler.features.ratings.progress import Series, Value
from scheduler.features.review.progress import progress_of
from scheduler.features.review.progress.past import FEWEST, middles
from scheduler.features.review.progress.tracks import Context, in_order, names, standing_of, track_of
from scheduler.models import (
    AdverseEvent,
    CourseMedicine,
    CourseStatus,
    Infusion,
    InfusionLog,
    TimePoint,
)
from tests.features.desk.test_board import counted
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.visits import add_rating, add_six

DAYS = [TODAY + timedelta(days=day) for day in (-7, -5, -3, 0, 2, 4)]
START = datetime(2026, 10, 19, 13, 20, tzinfo=UTC)
DAY = timedelta(days=1)
BASELINE, PRE, POST, WEEKLY = TimePoint.BASELINE, TimePoint.PRE, TimePoint.POST_2H, TimePoint.WEEKLY
CONTEXT = Context("gad7", START, START + DAY * 30, ZoneInfo("America/New_York"), {1: START}, ())


def rated(session: Session, visits: list[Infusion], base: int = 16, later: int = 8) -> None:
    """A baseline of GAD-7, a later one at the middle, and three pairs of anxiety now."""
    add_rating(session, visits[0], BASELINE, base, visits[0].starts_at - DAY, instrument=GAD7)
    add_rating(session, visits[3], PRE, later, instrument=GAD7)
    for visit, (pre, post) in zip(visits, ((8, 5), (7, 4), (6, 7)), strict=False):
        add_rating(session, visit, PRE, pre)
        add_rating(session, visit, POST, post, visit.starts_at + timedelta(hours=3))


def test_an_instrument_changed_in_the_middle_begins_a_line_of_its_own() -> None:
    second = replace(GAD7, version=2)
    series = in_order(
        {
            GAD7.key: Series(GAD7, (Value(START - DAY, BASELINE, 18), Value(START + DAY, WEEKLY, 12))),
            second.key: Series(
                second, (Value(START + DAY * 8, WEEKLY, 6), Value(START + DAY * 9, WEEKLY, 3))
            ),
        },
        "gad7",
    )
    assert names(series) == ["GAD-7, version 1", "GAD-7, version 2"]
    old, new = [standing_of(one, name, CONTEXT) for one, name in zip(series, names(series), strict=True)]
    tracks = [track_of(one, at, None, CONTEXT) for one, at in zip(series, (old, new), strict=True)]
    assert [[point.total for point in track.points] for track in tracks] == [[18, 12], [6, 3]]
    assert (old.change_said, new.change_said, new.responded_at) == ("6 points less, 33 %", "", None)
    assert [line.words for line in tracks[0].lines] == ["meaningful change", "response", "remission"]
    assert tracks[1].lines == ()


def test_what_is_felt_after_an_infusion_is_never_set_beside_the_baseline() -> None:
    values = (
        Value(START - DAY / 24, PRE, 8, 1, infusion_id=1),
        Value(START + DAY / 8, POST, 2, 1, infusion_id=1),
        Value(START + DAY * 2, PRE, 7, 2, infusion_id=2),
        Value(START + DAY * 2.2, POST, 1, 2, infusion_id=2),
    )
    found = standing_of(Series(ANXIETY_NOW, values), "Anxiety now", CONTEXT)
    assert (found.change_said, found.pair) == ("1 point less, 13 %", (7, 1))
    assert (found.responded_at, found.response_at_most) == (None, None)


def test_a_course_is_drawn_with_its_doses_events_and_medicines_on_one_line(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course, visits = add_six(session, clinic, DAYS, "09:00", completed=3)
        rated(session, visits)
        wrong = add_rating(session, visits[3], PRE, 1)
        wrong.voided_at, wrong.void_reason = NOW, "Of another patient"
        charted(session, visits[0], 35_000, "Nausea")
        charted(session, visits[1], 28_000)
        session.add(CourseMedicine(course_id=course.id, name="Sertraline", dose="100 mg", noted_at=NOW))
        struck = CourseMedicine(course_id=course.id, name="Lorazepam", dose="1 mg", noted_at=NOW)
        struck.struck_at, struck.struck_reason = NOW, "Of another patient"
        session.add(struck)
    with database.read() as session:
        found = progress_of(session, course.id, NOW)
    gad, now = found.facts.tracks
    assert [(point.total, point.at.utcoffset() is not None) for point in gad.points] == [
        (16, True),
        (8, True),
    ]
    assert [(pair.number, pair.pre, pair.post) for pair in now.pairs] == [(1, 8, 5), (2, 7, 4), (3, 6, 7)]
    assert [(visit.dose, visit.is_changed) for visit in found.facts.visits[:3]] == [
        ("35 mg", False), ("28 mg", True), ("", False),
    ]  # fmt: skip
    assert [visit.is_ahead for visit in found.facts.visits] == [False] * 3 + [True] * 3
    assert [event.term for event in found.facts.events] == ["Nausea"]
    assert [one.words for one in found.facts.medicines] == ["Sertraline 100 mg"]
    first = found.standings[0]
    assert (first.is_primary, first.change_said, first.response_at_most) == (True, "8 points less, 50 %", 8)
    assert first.responded_at is not None
    assert found.columns == ["GAD-7", "Anxiety now, before", "2 hours after"]
    assert [(row.what, *row.cells, row.dose) for row in found.rows[:3]] == [
        ("baseline", "16", "", "", ""), ("no. 1", "", "8", "5", "35 mg"), ("no. 2", "", "7", "4", "28 mg"),
    ]  # fmt: skip


def test_what_was_asked_and_not_given_is_told_as_missing_once_its_time_is_over(database: Database) -> None:
    with database.write() as session:
        course, visits = add_six(session, small_clinic(session), DAYS, "09:00", completed=3)
        add_rating(session, visits[0], PRE, 8)
    with database.read() as session:
        found = progress_of(session, course.id, NOW)
    pairs = found.facts.tracks[0].pairs
    assert [(p.number, p.pre_missing, p.post_missing) for p in pairs] == [
        (1, False, True), (2, True, True), (3, True, True),
    ]  # fmt: skip
    assert [row.cells for row in found.rows if row.what == "no. 2"] == [["not given", "not given"]]


def charted(session: Session, visit: Infusion, dose_ug: int, event: str = "") -> None:
    log = InfusionLog(
        infusion_id=visit.id, begun_at=visit.starts_at, started_at=visit.starts_at, rules={}, weight_g=70_000,
        dose_ug=dose_ug,
    )  # fmt: skip
    session.add(log)
    session.flush()
    if event:
        said = {"term": event, "grade": 1, "action": "watched", "outcome": "resolved", "key": "one"}
        session.add(AdverseEvent(log_id=log.id, onset_at=visit.starts_at, changed_at=visit.starts_at, **said))


def test_past_courses_stand_beside_it_from_ten_on_and_never_the_patients_own(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course, visits = add_six(session, clinic, DAYS, "09:00", completed=3)
        rated(session, visits)
        for number in range(FEWEST - 1):
            past(session, clinic, number + 10, 10 + number)
        add_past(session, clinic, 21)  # The patient's own.
    with database.read() as session:
        assert progress_of(session, course.id, NOW).past_said == ""
    with database.write() as session:
        past(session, clinic, 40, 20)
    with database.read() as session:
        found = progress_of(session, course.id, NOW)
        assert progress_of(session, course.id, NOW).facts == found.facts  # From what was kept.
    assert found.past_said == "Middle half of 10 past courses"
    (track,) = [track for track in found.facts.tracks if track.past]
    assert track.past is not None
    assert [(point.low, point.high, point.n) for point in track.past.points] == [(12, 17, 10)]


def past(session: Session, clinic: SmallClinic, number: int, base: int) -> None:
    add_past(session, replace(clinic, patient=make_patient(session, clinic.site, number)), base)


def add_past(session: Session, clinic: SmallClinic, base: int) -> None:
    """A course of two months ago, rated once before it."""
    days = [day - timedelta(days=40 + 20 * clinic.patient.id) for day in DAYS]
    course, visits = add_six(session, clinic, days, completed=6)
    course.status, course.closed_at = CourseStatus.COMPLETED, visits[-1].ends_at
    add_rating(session, visits[0], BASELINE, base, visits[0].starts_at - DAY, instrument=GAD7)


@settings(max_examples=50)
@given(st.lists(st.integers(0, 21), max_size=60))
def test_the_middle_half_leaves_a_quarter_on_either_side(totals: list[int]) -> None:
    found = middles([((BASELINE, 0, 0), total, count) for total, count in Counter(totals).items()])
    if len(totals) < FEWEST:
        assert found == {}
        return
    middle = found[BASELINE, 0, 0]
    assert middle.n == len(totals)
    assert sum(total < middle.low for total in totals) * 4 < len(totals)
    assert sum(total > middle.high for total in totals) * 4 <= len(totals)
    assert sum(middle.low <= total <= middle.high for total in totals) * 2 >= len(totals)


Scores = st.lists(
    st.tuples(st.none() | st.integers(0, 10), st.none() | st.integers(0, 10)), min_size=1, max_size=6
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=Scores)
def test_whatever_was_rated_stands_in_the_table_in_its_own_row(
    sqlite: Database, scores: list[tuple[int | None, int | None]]
) -> None:
    with sqlite.write() as session:
        days = [TODAY - timedelta(days=2 * (len(scores) - at)) for at in range(len(scores))]
        course, visits = add_six(session, small_clinic(session), days, completed=len(scores))
        for visit, pair in zip(visits, scores, strict=True):
            for point, total in zip((PRE, POST), pair, strict=True):
                if total is not None:
                    add_rating(session, visit, point, total)
        rows = progress_of(session, course.id, NOW).rows
        session.rollback()
    if any(total is not None for pair in scores for total in pair):
        told = [tuple("not given" if total is None else str(total) for total in pair) for pair in scores]
        assert [tuple(row.cells) for row in rows if row.what.startswith("no. ")] == told


def test_a_long_course_takes_no_more_queries_than_a_short_one(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        short = add_six(session, clinic, DAYS[:2], "09:00", completed=1)
        long = add_six(session, clinic, DAYS, "13:00", completed=3)
        add_rating(session, short[1][0], BASELINE, 16, NOW - DAY * 20, instrument=GAD7)
        rated(session, long[1])
        for visit in (short[1][0], *long[1][:3]):
            charted(session, visit, 35_000, "Nausea")
        for week in range(1, 9):
            add_rating(session, long[1][0], WEEKLY, 9, NOW, instrument=PHQ9, week=week)
    counts = []
    with database.read() as session:
        progress_of(session, short[0].id, NOW)  # What past courses were rated is kept from here on.
    for course, _ in (short, long):
        with database.read() as session, counted(database) as statements:
            progress_of(session, course.id, NOW).pictures.wide.upper()
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10


def test_a_course_that_is_not_there_has_no_progress(sqlite: Database) -> None:
    with sqlite.read() as session, pytest.raises(NotFoundError):
        progress_of(session, 99, NOW)

"""A course beside the patient's last one: one scale, and versions of an instrument never joined."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.ratings.instruments import GAD7, PHQ9
from scheduler.features.review.progress.last import beside_last, last_course
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import AuditEvent, Course, Infusion, Rating, TimePoint
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient
from tests.support.visits import add_rating, add_six

FIRST = [TODAY - timedelta(days=back) for back in (60, 58, 56, 53, 51, 49)]
BASELINE, WEEKLY = TimePoint.BASELINE, TimePoint.WEEKLY


@pytest.fixture
def two(sqlite: Database, clinic: SmallClinic) -> SmallClinic:
    """Course 1, rated from 16 to 6 and with PHQ-9; course 2 a booster six weeks later, from 14 to 9."""
    with sqlite.write() as session:
        _, first = add_six(session, clinic, FIRST, completed=6)
        _, second = add_six(session, clinic, [TODAY - timedelta(days=7)], completed=1)
        for visits, instrument, base, last in (
            (first, GAD7, 16, 6), (first, PHQ9, 12, 12), (second, GAD7, 14, 9),
        ):  # fmt: skip
            before, after = visits[0].starts_at - timedelta(hours=2), visits[-1].starts_at + timedelta(days=7)
            add_rating(session, visits[0], BASELINE, base, before, instrument=instrument)
            add_rating(session, visits[0], WEEKLY, last, after, instrument=instrument, week=1)
    return clinic


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """On SQLite alone: what stands beside what is decided before any database is asked."""
    return morning_clinic(sqlite, monkeypatch)


@pytest.fixture
def as_role(config: Config, sqlite: Database, clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role."""
    return clients_of(config, sqlite, clinic)


def test_the_table_says_where_each_instrument_began_and_stood(sqlite: Database, two: SmallClinic) -> None:
    with sqlite.read() as session:
        found = beside_last(session, 2, NOW)
    assert [pair.name for pair in found.pairs] == ["GAD-7", "PHQ-9"]
    gad7, phq9 = found.pairs
    assert gad7.before and gad7.now and phq9.before and phq9.now is None
    assert (gad7.before.change_said, gad7.now.change_said) == ("10 points less, 63 %", "5 points less, 36 %")
    assert (found.before.given, found.now.given, found.days) == (6, 1, 42)


def test_both_drawings_have_one_scale_of_totals_and_of_days(sqlite: Database, two: SmallClinic) -> None:
    with sqlite.read() as session:
        found = beside_last(session, 2, NOW)
    before, now = (str(side.picture) for side in (found.before, found.now))
    sizes = [re.search(r'viewBox="([^"]+)"', picture) for picture in (before, now)]
    assert sizes[0] and sizes[1] and sizes[0][1] == sizes[1][1]
    bands = [re.findall(r"<rect [^>]*band\d[^>]*>", picture) for picture in (before, now)]
    assert bands[0] == bands[1] and len(bands[0]) > 4
    begins = [re.findall(r'<path d="M([\d.]+) ', picture)[0] for picture in (before, now)]
    assert begins[0] == begins[1]  # Both first infusions stand at the same place.
    assert before.count("<polyline") == 2 and now.count("<polyline") == 1


def test_two_versions_of_an_instrument_stand_apart(
    sqlite: Database, two: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(GAD7, version=2)
    monkeypatch.setattr(
        "scheduler.features.ratings.queries.series.known",
        lambda _: {GAD7.key: GAD7, PHQ9.key: PHQ9, newer.key: newer},
    )
    with sqlite.write() as session:
        for rating in session.scalars(select(Rating).where(Rating.course_id == 2)):
            rating.instrument_version = 2
    with sqlite.read() as session:
        found = beside_last(session, 2, NOW)
    assert [(pair.name, pair.before is None, pair.now is None) for pair in found.pairs] == [
        ("GAD-7, version 2", True, False),
        ("GAD-7, version 1", False, True),
        ("PHQ-9", False, True),
    ]


def test_the_last_course_is_the_patients_own_and_lies_before(sqlite: Database, two: SmallClinic) -> None:
    with sqlite.write() as session:
        other = make_patient(session, two.site, 2, given_name="Otto")
        add_six(session, two, [TODAY - timedelta(days=10)], patient=other, chair=1, completed=1)
    with sqlite.read() as session:
        found = [last_course(CourseRows(session, number)) for number in (1, 2, 3)]
    assert found == [None, 1, None]
    with sqlite.write() as session:
        for visit in session.scalars(select(Infusion).where(Infusion.course_id == 2)):
            session.delete(visit)
        session.get_one(Course, 2).booked_at = NOW
    with sqlite.read() as session:
        assert last_course(CourseRows(session, 2)) == 1
        assert beside_last(session, 2, NOW).days is None


def test_those_who_chart_find_it_on_the_course_log_and_others_nowhere(
    as_role: SignedIn, sqlite: Database, two: SmallClinic
) -> None:
    nurse = as_role("nurse")
    assert 'hx-get="/courses/2/beside"' in nurse.get("/courses/2/log").text
    assert "/beside" not in nurse.get("/courses/1/log").text
    page = nurse.get("/courses/2/beside").text
    assert "16 to 6, 10 points less" in page and "42 days after its last infusion" in page
    part = nurse.get("/courses/2/beside", headers={"HX-Request": "true"}).text
    assert part.startswith("<section") or "<html" not in part
    assert as_role("front_desk").get("/courses/2/beside").status_code == 403
    assert nurse.get("/courses/1/beside").status_code == 404
    with sqlite.read() as session:
        reads = session.scalars(
            select(AuditEvent.entity_id).where(AuditEvent.action == "course_log.read").order_by(AuditEvent.id)
        ).all()
    assert set(reads) == {1, 2}

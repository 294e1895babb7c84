"""What the outcomes count, and what they don't tell: courses of two infusions, judged on GAD-7."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.ratings.instruments import GAD7
from scheduler.features.reports.outcomes import views
from scheduler.features.reports.outcomes.choices import choices
from scheduler.features.reports.outcomes.report import Outcomes, outcomes
from scheduler.models import (
    AdverseEvent,
    Course,
    CourseStatus,
    InfusionLog,
    InfusionStatus,
    LogStatus,
    Patient,
    TimePoint,
)
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.visits import add_course, add_rating, add_visit

SignedIn = Callable[[str], FlaskClient]
START = NOW - timedelta(days=150)
NUMBERS = count(2)
OVER = "from=2026-05-01&until=2026-11-02"


def treat(
    session: Session,
    clinic: SmallClinic,
    baseline: int,
    *after: int | None,
    status: CourseStatus = CourseStatus.COMPLETED,
    weeks: Mapping[int, int] | None = None,
    patient: Patient | None = None,
    dose: int = 500,
    grade: int = 0,
) -> Course:
    """A course of a patient of its own, rated after each infusion; an event of `grade` in the first."""
    number = next(NUMBERS)
    begin = START + timedelta(days=number % 15, hours=2 * (number // 15 % 12))
    course = add_course(session, clinic, patient or make_patient(session, clinic.site, number))
    course.status = status
    chair = clinic.chairs[number % 2]
    for place, total in enumerate(after):
        at = begin + timedelta(days=15 * place)
        visit = add_visit(session, course, chair, place + 1, at, InfusionStatus.COMPLETED, started_at=at)
        add_log(session, visit.id, at, dose, grade if place == 0 else 0)
        if place == 0:
            add_rating(session, visit, TimePoint.BASELINE, baseline, at - timedelta(days=1), instrument=GAD7)
        if total is not None:
            then = at + timedelta(days=2)
            add_rating(session, visit, TimePoint.DAY_2_7, total, then, instrument=GAD7)
    for week, total in (weeks or {}).items():
        late = begin + timedelta(days=15 + 7 * week)
        add_rating(session, visit, TimePoint.WEEKLY, total, late, instrument=GAD7, week=week)
    return course


def add_log(session: Session, infusion_id: int, at: datetime, dose: int, grade: int) -> None:
    """A log with a dose in micrograms for each kilogram."""
    log = InfusionLog(
        infusion_id=infusion_id, status=LogStatus.DRAFT, begun_at=at, rules={}, weight_g=70_000,
        dose_ug=70 * dose, started_at=at,
    )  # fmt: skip
    session.add(log)
    session.flush()
    if grade:
        event = AdverseEvent(
            log_id=log.id, key="k", term="Nausea", onset_at=at, grade=grade, action="watched",
            outcome="resolved", changed_at=at,
        )  # fmt: skip
        session.add(event)
        session.flush()


def counted(session: Session, **filters: str) -> Outcomes:
    values = {"from": "2026-05-01", "until": "2026-11-02", **filters}
    return outcomes(session, choices(session).read(values, NOW))


def test_response_and_remission_are_judged_at_the_end_of_completed_courses(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for _ in range(5):
            treat(session, clinic, 16, 12, 4, weeks={4: 4, 8: 9})  # response and remission, well for a while
        for _ in range(5):
            treat(session, clinic, 16, 8, 8)  # response after the first infusion
        for _ in range(6):
            treat(session, clinic, 12, 11, 18)  # worse by the reliable change
        for _ in range(7):
            treat(session, clinic, 14, 7, 9)  # a response that did not last to the end
        for _ in range(5):
            treat(session, clinic, 14, None, status=CourseStatus.DISCONTINUED)
        treat(session, clinic, 0, 1, 2)  # nothing to halve
        found = counted(session)
    lines = {line.label: (line.of, line.count) for line in found.at_end}
    assert lines == {
        "Response": (23, 10),
        "Remission": (23, 5),
        "Worse": (23, 6),
        "Still a response after 4 weeks": (5, 5),
        "Still a response after 8 weeks": (5, 0),
    }
    assert [(each.line.label, each.new) for each in found.reached] == [("Infusion 1", 5), ("Infusion 2", 5)]
    assert found.median == 1.5
    assert (found.begun, found.completed, found.discontinued, found.still_open) == (29, 24, 5, 0)
    assert [(line.label, line.count) for line in found.drop_outs] == [("After 1 infusion", 5)]


def test_a_share_is_not_told_where_those_without_it_are_fewer_than_five(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for _ in range(8):
            treat(session, clinic, 16, 9, 5)
        for _ in range(4):
            treat(session, clinic, 16, 9, 12, status=CourseStatus.COMPLETED)
        for _ in range(3):
            treat(session, clinic, 16, 9, status=CourseStatus.DISCONTINUED)
        for _ in range(6):
            treat(session, clinic, 16, 9, status=CourseStatus.ACTIVE)
        found = counted(session)
    response = found.at_end[0]
    assert (response.of, response.count, response.percent) == (12, None, None)
    assert found.reached == ()
    # Three were broken off: neither that nor how many were completed is told, or one would give the other.
    assert (found.begun, found.ended, found.still_open) == (21, 15, 6)
    assert (found.completed, found.discontinued, found.drop_out, found.drop_outs) == (None, None, None, ())


def test_remission_is_not_told_where_it_differs_from_response_by_a_few(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for _ in range(6):
            treat(session, clinic, 16, 9, 4)
        for _ in range(2):
            treat(session, clinic, 16, 9, 7)
        for _ in range(6):
            treat(session, clinic, 16, 9, 12)
        found = counted(session)
    assert [line.count for line in found.at_end[:2]] == [8, None]


def test_worse_is_not_told_where_those_who_did_neither_are_a_few(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for last in (4,) * 6 + (21,) * 6 + (12,) * 2:
            treat(session, clinic, 15, 9, last)
        found = counted(session)
    assert [line.count for line in found.at_end[:3]] == [6, 6, None]


def test_many_courses_of_few_people_tell_nothing(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        people = [make_patient(session, clinic.site, 900 + at) for at in range(4)]
        for at in range(12):
            treat(session, clinic, 16, 9, 4, patient=people[at % 4])
        found = counted(session)
    assert found == Outcomes(begun=0, is_small=True)


def test_doses_are_put_together_until_no_line_tells_of_a_few(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        for _ in range(2):
            treat(session, clinic, 16, 9, 8, dose=400, grade=1)
        for _ in range(5):
            treat(session, clinic, 16, 9, 8, dose=500, grade=3)
        for _ in range(5):
            treat(session, clinic, 16, 9, 8, dose=500)
        for _ in range(6):
            treat(session, clinic, 16, 9, 8, dose=800)
        events = counted(session).events
    assert [(line.label, line.of, line.count) for line in events.doses] == [
        ("Below 0.55 mg/kg", 24, 7),
        ("0.75 to below 1.00 mg/kg", 12, 0),
    ]
    # Two of the seven had a milder one: the five are not told, and so the total of them is not either.
    assert [line.serious for line in events.doses] == [None, 0]
    assert events.whole is not None
    assert (events.whole.count, events.whole.serious) == (7, None)
    assert [(line.label, line.of, line.count) for line in events.terms] == [("Nausea", 36, 7)]


def test_a_total_is_not_told_where_it_would_give_the_one_line_that_is_held_back(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for dose, grades in ((500, (3,) * 2 + (1,) * 5), (800, (3,) * 5 + (1,) * 5)):
            for grade in grades:
                treat(session, clinic, 16, 9, 8, dose=dose, grade=grade)
        events = counted(session).events
    assert [(line.count, line.serious) for line in events.doses] == [(7, None), (10, 5)]
    assert events.whole is not None
    assert (events.whole.count, events.whole.serious) == (17, None)


def test_protocol_dates_and_instrument_choose_the_courses(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        for _ in range(6):
            treat(session, clinic, 16, 9, 4)
        entered = treat(session, clinic, 16, 9, 4)
        entered.entered = True
        session.flush()
        version = clinic.protocol_version
        assert counted(session).begun == 6
        assert counted(session, protocol=str(version.protocol_id)).begun == 6
        assert counted(session, until="2026-05-10").begun == 0
        assert counted(session, instrument="phq9").at_end == ()
        assert counted(session, instrument="no such").at_end[0].count == 6


def test_the_outcomes_are_for_those_who_read_charts(
    database: Database, clinic: SmallClinic, as_role: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        for _ in range(6):
            treat(session, clinic, 16, 9, 4)
    client = as_role("clinician")
    page = client.get(f"/reports/outcomes?{OVER}")
    assert "95 % interval" in page.text
    assert "Lindqvist" not in page.text
    file = client.get(f"/reports/outcomes.csv?{OVER}")
    assert "completed courses,Response,6,6,100.0,61.0,100.0" in file.text
    monkeypatch.setattr(views, "MANY", 1)
    assert "Counting the courses of 12 visits" in client.get(f"/reports/outcomes?{OVER}").text
    assert "95 % interval" in client.get(f"/reports/outcomes?{OVER}&part=figures").text
    assert client.get("/reports/outcomes?from=2026-11-02&until=2026-11-01").status_code == 422
    assert "/reports/outcomes" in client.get("/reports/use").text
    assert "/reports/outcomes" not in as_role("administrator").get("/reports/use").text

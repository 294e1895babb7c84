"""The pages of a patient, a course and a visit, and who may see a score."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.audit import actions as audit
from scheduler.models import (
    AuditEvent,
    AvailabilityWindow,
    Blackout,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    TimePoint,
)
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.visits import add_course, add_rating, add_six, add_visit, local

DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -5, -3, 0, 2, 5)]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read is tested on both."""
    return sqlite


@pytest.fixture
def course(database: Database, clinic: SmallClinic) -> tuple[Course, list[Infusion]]:
    """Three of six completed, one today at 09:30, each rated before with 8 and after with 3."""
    with database.write() as session:
        found = add_six(session, clinic, DAYS, "09:30", completed=3)
        for visit in found[1][:3]:
            add_rating(session, visit, TimePoint.PRE, 8)
            add_rating(session, visit, TimePoint.POST_2H, 3)
    return found


def last_read(database: Database) -> tuple[str, int | None, int | None]:
    with database.read() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event is not None
        return event.action, event.entity_id, event.patient_id


@pytest.mark.parametrize("role", ["nurse", "clinician"])
def test_who_charts_sees_the_trajectory_and_its_table(
    as_role: SignedIn, course: tuple[Course, list[Infusion]], role: str
) -> None:
    page = as_role(role).get(f"/courses/{course[0].id}").text
    assert page.count('<svg class="chart chart-') == 2
    assert 'viewBox="0 0 900' in page
    assert 'viewBox="0 0 358' in page
    table = page[page.index("<table") :]
    assert '<td class="r">8</td><td class="r">3</td>' in table


def test_the_front_desk_sees_no_score_anywhere(
    as_role: SignedIn, course: tuple[Course, list[Infusion]], clinic: SmallClinic
) -> None:
    client = as_role("front_desk")
    paths = [
        f"/courses/{course[0].id}",
        *(f"/infusions/{visit.id}" for visit in course[1]),
        f"/patients/{clinic.patient.id}",
        "/today",
        f"/today?part=live&site={clinic.site.id}",
        f"/board?day={DAYS[0].isoformat()}",
    ]
    for path in paths:
        page = client.get(path).text.lower()
        for word in ("trajectory", "anxiety", 'class="chart', "of 10", '<svg class="chart', "ratings-h"):
            assert word not in page, (path, word)


def test_the_front_desk_sees_that_a_rating_is_due(
    as_role: SignedIn, course: tuple[Course, list[Infusion]]
) -> None:
    client = as_role("front_desk")
    assert "Rating before is due" in client.get("/today").text
    assert "Rating before is due" in client.get(f"/courses/{course[0].id}").text
    assert "Rating before is due" in client.get(f"/infusions/{course[1][3].id}").text


def test_the_course_page_counts_completed_visits_only(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        found = add_course(session, clinic)
        for number, offset, status in (
            (1, -6, "completed"),
            (2, -4, "missed"),
            (2, -2, "completed"),
            (3, 0, "scheduled"),
        ):
            start = local(clinic.site, TODAY + timedelta(days=offset), "13:00")
            add_visit(session, found, clinic.chairs[0], number, start, InfusionStatus(status))
    page = as_role("front_desk").get(f"/courses/{found.id}").text
    assert "<dd>2 of 6</dd>" in page
    assert page.count('<span class="dot') == 4
    assert "Missed" in page
    assert "By Front Desk at 10:00" in page


def test_the_course_page_leads_to_its_calendar_file(
    as_role: SignedIn, course: tuple[Course, list[Infusion]]
) -> None:
    client = as_role("front_desk")
    assert f'href="/courses/{course[0].id}/calendar.ics"' in client.get(f"/courses/{course[0].id}").text
    assert client.get(f"/courses/{course[0].id}/calendar.ics").mimetype == "text/calendar"


def test_planned_reminders_are_announced(as_role: SignedIn, course: tuple[Course, list[Infusion]]) -> None:
    page = as_role("front_desk").get(f"/courses/{course[0].id}").text
    assert "Reminder, 1 day before, no. 5" in page
    assert "Planned, e-mail, goes out Tue 3 Nov, 09:30" in page


def test_the_visit_page_says_when_where_and_its_phases(
    as_role: SignedIn, course: tuple[Course, list[Infusion]]
) -> None:
    page = as_role("nurse").get(f"/infusions/{course[1][3].id}").text
    assert "Monday 2 November 2026" in page
    assert "09:30 to 11:30" in page
    assert "<strong>Infusion</strong>09:50 to 10:30" in page
    assert f'href="/infusions/{course[1][2].id}" data-key="k"' in page
    assert f'href="/infusions/{course[1][4].id}" data-key="j"' in page
    assert f'href="/infusions/{course[1][3].id}/calendar.ics"' in page


def test_phases_are_only_called_on_when_the_visit_is_known_to_run(
    as_role: SignedIn, course: tuple[Course, list[Infusion]], database: Database
) -> None:
    path = f"/infusions/{course[1][3].id}"
    assert 'aria-current="step"' not in as_role("nurse").get(path).text
    with database.write() as session:
        session.get_one(Infusion, course[1][3].id).status = InfusionStatus.IN_PROGRESS
    assert '<li aria-current="step"><strong>Infusion</strong>' in as_role("nurse").get(path).text


def test_the_patient_page_says_how_to_reach_and_when_to_book(
    as_role: SignedIn, database: Database, clinic: SmallClinic, course: tuple[Course, list[Infusion]]
) -> None:
    with database.write() as session:
        patient = session.get_one(Patient, clinic.patient.id)
        patient.windows = [AvailabilityWindow(weekday=day, from_minute=0, to_minute=720) for day in (0, 2)]
        patient.blackouts = [
            Blackout(first_day=TODAY - timedelta(days=9), last_day=TODAY - timedelta(days=8)),
            Blackout(first_day=TODAY, last_day=TODAY + timedelta(days=3), note="Travelling"),
        ]
        who = Actor(clinic.users["front_desk"].id, "Rosa Alvarez")
        audit.record(session, who, NOW, "course.booked", "course", course[0].id, patient.id, visits=6)
        audit.record(session, who, NOW, "rating.recorded", "rating", 1, patient.id)
    page = as_role("front_desk").get(f"/patients/{clinic.patient.id}").text
    assert "Mon and Wed until 12:00" in page
    assert "2 Nov to 5 Nov 2026: Travelling" in page
    assert "25 Oct" not in page[page.index("Away") :]
    assert "Booked a course of 6 visits" in page
    assert "Rosa Alvarez" in page
    assert "rating" not in page[page.index("history-h") :].lower()
    assert "3 of 6" in page
    assert f'href="/courses/new?patient={clinic.patient.id}"' in page


def test_an_archived_patient_can_be_taken_back_but_not_booked(
    as_role: SignedIn, database: Database, clinic: SmallClinic, course: tuple[Course, list[Infusion]]
) -> None:
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).archived_at = NOW
    client = as_role("front_desk")
    page = client.get(f"/patients/{clinic.patient.id}").text
    assert "Archived since 2 Nov 2026" in page
    assert f'action="/patients/{clinic.patient.id}/unarchive"' in page
    assert f"/courses/new?patient={clinic.patient.id}" not in page
    assert "This patient is archived" in client.get(f"/courses/{course[0].id}").text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/patients/999", "no such patient"),
        ("/courses/999", "no such course"),
        ("/infusions/999", "no such visit"),
    ],
)
def test_a_record_that_is_not_there_is_said_and_not_audited(
    as_role: SignedIn, database: Database, path: str, said: str
) -> None:
    client = as_role("clinician")
    answer = client.get(path)
    assert answer.status_code == 404
    assert said in answer.text
    with database.read() as session:
        assert not session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("%.read"))).all()


def test_every_look_at_a_patients_record_is_audited(
    as_role: SignedIn, database: Database, clinic: SmallClinic, course: tuple[Course, list[Infusion]]
) -> None:
    client, patient_id = as_role("nurse"), clinic.patient.id
    client.get(f"/patients/{patient_id}")
    assert last_read(database) == ("patient.read", patient_id, patient_id)
    client.get(f"/courses/{course[0].id}")
    assert last_read(database) == ("course.read", course[0].id, patient_id)
    client.get(f"/infusions/{course[1][0].id}")
    assert last_read(database) == ("infusion.read", course[1][0].id, patient_id)


@pytest.mark.parametrize("what", ["patients", "courses", "infusions"])
def test_an_administrator_opens_no_record(
    as_role: SignedIn, course: tuple[Course, list[Infusion]], what: str
) -> None:
    assert as_role("administrator").get(f"/{what}/1").status_code == 403

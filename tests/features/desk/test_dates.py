"""The sheet of dates that a patient takes home."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.models import AuditEvent, Infusion, InfusionStatus, Patient
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.language import load
from tests.features.conftest import SignedIn
from tests.support.clinic import TODAY, SmallClinic
from tests.support.visits import add_six

DAYS = [TODAY + timedelta(days=offset) for offset in (-2, 1, 3, 5, 8, 10)]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The sheet is the same on both databases."""
    return sqlite


@pytest.fixture
def visits(database: Database, clinic: SmallClinic) -> list[Infusion]:
    """One of six is over."""
    with database.write() as session:
        return add_six(session, clinic, DAYS, "09:30", completed=1)[1]


def sheet(page: str) -> str:
    start = page.index("<section")
    return page[start : page.index("</section>", start)]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Tuesday 3 November 2026, 09:30 (EST)"), ("es", "martes, 3 de noviembre de 2026, 09:30 (EST)")],
)
def test_the_sheet_says_the_dates_to_come_in_the_patients_language(
    as_role: SignedIn,
    database: Database,
    clinic: SmallClinic,
    visits: list[Infusion],
    language: str,
    said: str,
) -> None:
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).language = language
    page = sheet(as_role("front_desk").get(f"/courses/{visits[0].course_id}/dates").text)
    assert f'lang="{language}"' in page
    assert said in page
    assert page.count("<li>") == 5
    assert "12 Harbor Street, Riverside" in page
    assert "+1 212-555-0100" in page


def test_the_sheet_names_neither_the_patient_nor_what_for(
    as_role: SignedIn, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    page = sheet(as_role("nurse").get(f"/courses/{visits[0].course_id}/dates").text)
    assert clinic.patient.family_name not in page
    assert find_banned(page, load("es").banned) == []


def test_a_visit_that_was_missed_or_cancelled_is_not_on_the_sheet(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    with database.write() as session:
        for visit, status in zip(visits[1:], ("cancelled", *["missed"] * 4), strict=True):
            session.get_one(Infusion, visit.id).status = InfusionStatus(status)
    page = as_role("front_desk").get(f"/courses/{visits[0].course_id}/dates").text
    assert "No date is to come" in page


def test_looking_at_the_sheet_is_a_look_at_the_patient(
    as_role: SignedIn, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    client = as_role("front_desk")
    assert client.get("/courses/999/dates").status_code == 404
    client.get(f"/courses/{visits[0].course_id}/dates")
    with database.read() as session:
        read = session.scalars(select(AuditEvent).where(AuditEvent.action == "course.read")).one()
    assert read.patient_id == clinic.patient.id

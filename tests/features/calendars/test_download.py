"""Calendar files to download: the visits that stand, as they are, and who fetched them."""

from datetime import timedelta

import pytest
import vobject
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.config import Config
from scheduler.db import Database
from scheduler.models import AuditEvent, Infusion, InfusionStatus
from tests.support.booked import make_course, wall
from tests.support.clinic import SmallClinic, small_clinic
from tests.support.sign_in import cheap_app, sign_in

DAYS = (2, 4, 6, 9, 11, 13)  # November 2026


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    with database.write() as session:
        return small_clinic(session)


@pytest.fixture
def client(config: Config, database: Database, clinic: SmallClinic) -> FlaskClient:
    client = cheap_app(config, database).test_client()
    sign_in(client, database, clinic.users["front_desk"])
    return client


@pytest.fixture
def visits(database: Database, clinic: SmallClinic) -> list[Infusion]:
    with database.write() as session:
        _, made = make_course(session, clinic, [wall(clinic, f"2026-11-{day:02d} 13:30") for day in DAYS])
        return made


def change(database: Database, visit: Infusion, **values: object) -> None:
    with database.write() as session:
        row = session.get_one(Infusion, visit.id)
        for name, value in values.items():
            setattr(row, name, value)


def test_a_course_is_one_file_with_its_six_visits(client: FlaskClient, visits: list[Infusion]) -> None:
    answer = client.get(f"/courses/{visits[0].course_id}/calendar.ics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointments.ics"'
    read = vobject.readOne(answer.text).vevent_list
    assert [one.dtstart.value for one in read] == [visit.starts_at for visit in visits]
    assert [one.uid.value for one in read] == [visit.ics_uid for visit in visits]
    assert {one.organizer.value for one in read} == {"mailto:appointments@riverside.example"}


def test_a_visit_is_a_file_of_its_own(client: FlaskClient, visits: list[Infusion]) -> None:
    answer = client.get(f"/infusions/{visits[3].id}/calendar.ics")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    read = vobject.readOne(answer.text)
    assert len(read.vevent_list) == 1
    assert read.vevent.uid.value == visits[3].ics_uid
    assert read.vevent.description.value.startswith("Monday 9 November 2026, 13:30 (EST)")


def test_the_same_revision_downloads_as_the_same_bytes(
    client: FlaskClient, database: Database, visits: list[Infusion]
) -> None:
    path = f"/infusions/{visits[0].id}/calendar.ics"
    first, second = client.get(path).data, client.get(path).data
    assert first == second
    change(database, visits[0], ics_sequence=1, ics_dtstamp=visits[0].ics_dtstamp + timedelta(hours=1))
    moved = client.get(path).text
    assert "SEQUENCE:1" in moved and moved.encode() != first


@pytest.mark.parametrize("status", [InfusionStatus.CANCELLED, InfusionStatus.MISSED])
def test_a_visit_that_fell_away_is_in_no_file(
    client: FlaskClient, database: Database, visits: list[Infusion], status: InfusionStatus
) -> None:
    change(database, visits[0], status=status)
    course = client.get(f"/courses/{visits[0].course_id}/calendar.ics")
    assert len(vobject.readOne(course.text).vevent_list) == 5
    assert client.get(f"/infusions/{visits[0].id}/calendar.ics").status_code == 404
    for visit in visits[1:]:
        change(database, visit, status=status)
    assert client.get(f"/courses/{visits[0].course_id}/calendar.ics").status_code == 404


def test_what_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/courses/4711/calendar.ics").status_code == 404
    assert client.get("/infusions/4711/calendar.ics").status_code == 404


def test_a_download_is_on_record_and_closed_to_administrators(
    client: FlaskClient, database: Database, clinic: SmallClinic, visits: list[Infusion]
) -> None:
    path = f"/courses/{visits[0].course_id}/calendar.ics"
    client.get(path)
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "course_calendar.read")).one()
    assert (event.entity_id, event.patient_id) == (visits[0].course_id, clinic.patient.id)
    sign_in(client, database, clinic.users["administrator"])
    assert client.get(path).status_code == 403

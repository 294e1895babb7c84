"""Marta's course of six, the link to her third visit, and a telephone that nobody is signed in with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.outbox.links import AFTER, make_link
from scheduler.models import Infusion, PreparationItem, StaffTask
from tests.features.conftest import morning_clinic
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import SmallClinic
from tests.support.sign_in import cheap_app, csrf_token


@dataclass
class Phone:
    """A patient's telephone, with the link to one visit."""

    client: FlaskClient
    database: Database
    clinic: SmallClinic
    course: int
    visit_id: int
    path: str
    now: list[datetime] = field(default_factory=lambda: [LATER])

    def look(self, more: str = "") -> TestResponse:
        """Open the page."""
        return self.client.get(self.path + more)

    def send(self, what: str, **form: str) -> TestResponse:
        """Send one of its forms, as it was shown for the first schedule version unless told otherwise."""
        data = {"version": "1", "csrf_token": csrf_token(self.client), **form}
        return self.client.post(f"{self.path}/{what}", data=data)

    def visit(self) -> Infusion:
        """The row, as it is now."""
        with self.database.read() as session:
            return session.get_one(Infusion, self.visit_id)

    def tasks(self) -> list[StaffTask]:
        """What waits for the desk."""
        with self.database.read() as session:
            return list(session.scalars(select(StaffTask).where(StaffTask.done_at.is_(None))))

    def move(self, start: datetime) -> None:
        """The desk moves the visit."""
        row = self.visit()
        placement = Placement(row.number, row.chair_id or 0, start, row.id)
        self.database.attempt(
            lambda session: place_visits(
                session, ROSA, self.now[0], self.course, [placement], seen={row.id: row.schedule_version}
            )
        )


Ring = Callable[..., Phone]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages are the same on both databases; what they read and write is tested on both elsewhere."""
    return sqlite


@pytest.fixture
def ring(config: Config, database: Database, monkeypatch: pytest.MonkeyPatch) -> Ring:
    """Makes the phone of a patient with a course from a first start on, with a link to one of its visits."""

    def made(language: str = "en", first: datetime = MONDAY, number: int = 3) -> Phone:
        clinic = morning_clinic(database, monkeypatch)
        course = booked(database, clinic, first=first)
        with database.write() as session:
            session.merge(clinic.patient).language = language
            words = {"en": "An adult takes me home.", "es": "Un adulto me lleva a casa."}
            session.add(PreparationItem(label="Escort", words=words))
            row = visits(session, course)[number - 1]
            raw = make_link(session, LATER, row.patient_id, row.id, row.ends_at + AFTER)
        client = cheap_app(config, database).test_client()
        phone = Phone(client, database, clinic, course, row.id, f"/v/{raw}")
        monkeypatch.setattr(clock, "now", lambda: phone.now[0])
        return phone

    return made


@pytest.fixture
def phone(ring: Ring) -> Phone:
    """Marta's, in English: Monday 30 November 09:30 and on; her third visit is on Friday 4 December."""
    return ring()

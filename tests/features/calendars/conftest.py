"""A small clinic whose calendars are followed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.owners import Kind, Owner
from scheduler.models import Infusion
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.sign_in import cheap_app

DAYS = (2, 4, 6, 9, 11, 13)  # November 2026


@dataclass
class Diary:
    """The clinic with one booked course, a visitor without a log-in, and the time of the test."""

    database: Database
    clinic: SmallClinic
    visits: list[Infusion]
    client: FlaskClient
    at: datetime = NOW

    def path(self, kind: Kind, owner_id: int) -> str:
        """The path of a new feed."""
        with self.database.write() as session:
            return f"/feeds/{make_feed(session, COMMAND, self.at, Owner(kind, owner_id))}.ics"

    def change(self, visit: Infusion, **values: object) -> None:
        """Change a visit as the clinic's own actions do: the version rises."""
        with self.database.write() as session:
            row = session.get_one(Infusion, visit.id)
            for name, value in {"schedule_version": row.schedule_version + 1, **values}.items():
                setattr(row, name, value)


@pytest.fixture
def open_diary(config: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[[Database], Diary]:
    """Fills an empty database; the clock is the diary's."""

    def fill(database: Database) -> Diary:
        with database.write() as session:
            clinic = small_clinic(session)
            starts = [wall(clinic, f"2026-11-{day:02d} 13:30") for day in DAYS]
            _, visits = make_course(session, clinic, starts)
        diary = Diary(database, clinic, visits, cheap_app(config, database).test_client())
        monkeypatch.setattr(clock, "now", lambda: diary.at)
        return diary

    return fill


@pytest.fixture
def diary(database: Database, open_diary: Callable[[Database], Diary]) -> Diary:
    """On both databases."""
    return open_diary(database)

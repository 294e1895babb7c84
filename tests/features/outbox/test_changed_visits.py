"""Updates and cancellations are read again just before they go, and say what is true then."""

from datetime import datetime, timedelta

import pytest

from scheduler.db import Database
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.outbox.actions import Ready, claim_next, prepare
from tests.support.changes import LATER, ROSA, booked, confirmation_left, visits
from tests.support.clinic import SmallClinic, small_clinic
from tests.support.post import BASE


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, committed."""
    with database.write() as session:
        return small_clinic(session)


def next_mail(database: Database, at: datetime = LATER) -> Ready:
    """The next message as it goes out."""
    with database.write() as session:
        claim = claim_next(session, at, "worker-1")
    assert claim
    with database.write() as session:
        ready = prepare(session, at, "worker-1", claim, BASE)
    assert isinstance(ready, Ready)
    return ready


def moved_to(database: Database, course: int, hour: int, version: int) -> int:
    """Move the third visit to an hour of its day."""
    with database.read() as session:
        row = visits(session, course)[2]
    start = datetime(row.local_day.year, row.local_day.month, row.local_day.day, hour)  # noqa: DTZ001
    spot = Placement(3, row.chair_id or 0, start, row.id)
    return database.attempt(
        lambda s: place_visits(s, ROSA, LATER, course, [spot], seen={row.id: version})
    ).messages


def test_a_visit_moved_twice_before_the_mail_left_is_told_once_from_the_time_known(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    assert [moved_to(database, course, 13, 1), moved_to(database, course, 14, 2)] == [1, 1]
    body = next_mail(database).body.decode()
    assert "09:30" in body
    assert "14:00" in body
    assert "13:00" not in body
    with database.write() as session:
        assert claim_next(session, LATER, "worker-1") is None


def test_a_cancellation_names_the_time_that_the_patient_knows(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    moved_to(database, course, 13, 1)
    with database.read() as session:
        third = visits(session, course)[2].id
    database.attempt(lambda s: cancel_visits(s, ROSA, LATER + timedelta(minutes=1), course, [third], "Ill"))
    body = next_mail(database, LATER + timedelta(minutes=2)).body.decode()
    assert "Cancelled: appointment on Friday" in body
    assert "09:30" in body

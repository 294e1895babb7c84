"""While a person has stopped all sending nothing leaves; what waits goes afterwards, if it still holds."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.outbox.actions import claim_next
from scheduler.features.outbox.actions.pause import pause, paused, resume
from scheduler.features.outbox.queries import health
from scheduler.models import AuditEvent, Message, MessageStatus
from scheduler.worker.deliver import deliver_due
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import Clock, Recorder, post

ROSA = Actor(None, "Rosa")


@pytest.fixture
def message(database: Database, clinic: SmallClinic) -> int:
    """A confirmation that waits."""
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")])
        return confirm(session, course, visits).id


def stop(database: Database, reason: str = "Wrong address in the template") -> None:
    with database.write() as session:
        pause(session, ROSA, NOW, reason)


def go_on(database: Database) -> None:
    with database.write() as session:
        resume(session, ROSA, NOW)


def test_nothing_leaves_while_sending_is_paused_and_all_of_it_after(database: Database, message: int) -> None:
    door, at = Recorder(), Clock(NOW)
    stop(database)
    assert deliver_due(post(database, door, at)) == 0 and not door.sent
    go_on(database)
    deliver_due(post(database, door, at))
    assert len(door.sent) == 1
    with database.read() as session:
        assert session.get_one(Message, message).attempts == 1, "the pause cost it no try"


def test_what_lost_its_use_during_the_pause_is_dropped_with_the_reason(
    database: Database, message: int
) -> None:
    with database.write() as session:
        session.get_one(Message, message).expires_at = NOW + timedelta(hours=1)
    stop(database)
    go_on(database)
    door = Recorder()
    deliver_due(post(database, door, Clock(NOW + timedelta(hours=2))))
    with database.read() as session:
        found = session.get_one(Message, message)
    assert (door.sent, found.status) == ([], MessageStatus.EXPIRED) and found.reason


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_worker_that_was_just_about_to_take_one_takes_none(database: Database, message: int) -> None:
    """The switch commits between the beginning of the worker's transaction and its claim."""
    with database.write() as worker:
        worker.execute(text("SELECT 1"))
        stop(database)
        assert claim_next(worker, NOW, "worker") is None
    go_on(database)
    with database.write() as worker:
        assert claim_next(worker, NOW, "worker") is not None


def test_a_pause_says_who_and_why_and_is_on_record(database: Database, clinic: SmallClinic) -> None:
    for reason in ("", "   ", "x" * 201):
        with pytest.raises(RuleError), database.write() as session:
            pause(session, ROSA, NOW, reason)
    stop(database)
    with pytest.raises(ConflictError):
        stop(database)
    go_on(database)
    with pytest.raises(ConflictError):
        go_on(database)
    with database.read() as session:
        assert paused(session) is None
        acts = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert acts == ["sending.paused", "sending.resumed"]


def test_a_pause_is_told_and_is_no_failure_of_the_program(database: Database, message: int) -> None:
    late = NOW + timedelta(hours=1)
    with database.read() as session:
        assert health(session, late, 20).outbox == "late"
    stop(database)
    with database.read() as session:
        found = health(session, late, 20)
    assert found.outbox == "paused" and not found.is_well, "no worker runs here"

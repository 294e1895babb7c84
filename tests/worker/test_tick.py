"""A tick does everything that is due, and no step that breaks takes another with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.outbox.queries import health
from scheduler.models import LoginAttempt, Message, MessageStatus, StaffSession, WorkerTick
from scheduler.worker import remind as remind_module
from scheduler.worker.tick import CLEAN_EVERY, Ticker
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import Clock, Recorder, post


def ticker(database: Database, at: Clock) -> tuple[Ticker, Recorder]:
    door = Recorder()
    return Ticker(post(database, door, at)), door


def book(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")])
        confirm(session, course, visits)


def test_a_booked_visit_is_confirmed_and_reminded_of_twice_and_questions_are_asked_once(
    database: Database, clinic: SmallClinic
) -> None:
    book(database, clinic)
    at = Clock(NOW)
    one, door = ticker(database, at)
    seen = []
    for moment in (
        "2026-11-02 10:01",
        "2026-11-07 09:30",
        "2026-11-08 12:00",
        "2026-11-09 09:30",
        "2026-11-10 12:00",
    ):
        at.at = wall(clinic, moment)
        one.tick()
        one.tick()
        seen.append(len(door.sent))
    assert seen == [1, 3, 3, 4, 4]


def test_each_tick_leaves_a_pulse(database: Database, clinic: SmallClinic) -> None:
    at = Clock(NOW)
    one, _ = ticker(database, at)
    one.tick()
    at.move(seconds=20)
    one.tick()
    with database.read() as session:
        row = session.scalars(select(WorkerTick)).one()
    assert (row.ticks, row.started_at, row.last_tick_at, row.last_error) == (2, NOW, at.at, None)


def test_a_step_that_breaks_is_named_and_the_others_go_on(
    database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[object]:
        raise RuntimeError("no reminders today")

    book(database, clinic)
    at = Clock(NOW)
    one, door = ticker(database, at)
    monkeypatch.setattr(remind_module, "due_reminders", broken)
    one.tick()
    assert len(door.sent) == 1
    with database.read() as session:
        assert session.scalars(select(WorkerTick.last_error)).one() == "reminders"
    monkeypatch.undo()
    one.tick()
    with database.read() as session:
        assert session.scalars(select(WorkerTick.last_error)).one() is None


def test_old_log_ins_tries_pulses_and_contents_go(database: Database, clinic: SmallClinic) -> None:
    old, young = NOW - timedelta(days=91), NOW - timedelta(days=1)
    user = clinic.users["nurse"].id
    with database.write() as session:
        for number, at in enumerate((old, young)):
            course, visits = make_course(session, clinic, [wall(clinic, f"2026-11-1{number} 09:30")])
            message = confirm(session, course, visits, at)
            message.status, message.body, message.subject = MessageStatus.SENT, b"words", "Appointment"
            session.add(LoginAttempt(account="a", address="b", at=at, succeeded=False))
            session.add(
                StaffSession(
                    token_hash=f"t{number}",
                    user_id=user,
                    created_at=at,
                    last_seen_at=at,
                    ends_at=at,
                    address="",
                    agent="",
                )
            )
            session.add(WorkerTick(worker=f"w{number}", started_at=at, last_tick_at=at))
    clock = Clock(NOW)
    one, _ = ticker(database, clock)
    one.tick()
    with database.read() as session:
        assert list(session.scalars(select(LoginAttempt.at))) == [young]
        assert list(session.scalars(select(StaffSession.token_hash))) == ["t1"]
        assert set(session.scalars(select(WorkerTick.worker))) == {"w1", "worker-1"}
        told = list(session.execute(select(Message.body, Message.subject).order_by(Message.created_at)))
        assert [tuple(row) for row in told] == [(None, None), (b"words", "Appointment")]


def test_cleaning_up_is_not_done_every_tick(database: Database, clinic: SmallClinic) -> None:
    at = Clock(NOW)
    one, _ = ticker(database, at)
    one.tick()
    with database.write() as session:
        session.add(LoginAttempt(account="a", address="b", at=NOW - timedelta(days=99), succeeded=False))
    one.tick()
    with database.read() as session:
        assert len(session.scalars(select(LoginAttempt)).all()) == 1
    at.at += CLEAN_EVERY
    one.tick()
    with database.read() as session:
        assert session.scalars(select(LoginAttempt)).all() == []


def test_health_names_what_is_not_well(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        assert health(session, NOW, 20).worker == "never ran"
    at = Clock(NOW)
    one, _ = ticker(database, at)
    one.tick()
    book(database, clinic)
    with database.read() as session:
        assert health(session, NOW + timedelta(seconds=30), 20).is_well
        late = health(session, NOW + timedelta(minutes=16), 20)
    assert (late.worker, late.outbox) == ("stopped", "late")

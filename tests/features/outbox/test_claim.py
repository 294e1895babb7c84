"""A message is sent by one worker at a time, and by another one when that worker is gone."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.channels import smtp
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.outbox.actions import (
    Claim,
    claim_next,
    enqueue,
    hold_lapsed_texts,
    record_result,
    void_pending,
)
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.models import Channel, Message, MessageAttempt, MessageStatus, Purpose
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient

SENT = Handover(Outcome.SENT, "Taken.")


def write(database: Database, clinic: SmallClinic, count: int = 1) -> list[int]:
    ids = []
    with database.write() as session:
        for number in range(count):
            person = make_patient(session, clinic.site, 10 + number)
            start = wall(clinic, f"2026-11-{10 + number} 09:30")
            course, visits = make_course(session, clinic, [start], patient=person)
            ids.append(confirm(session, course, visits, NOW + timedelta(seconds=number)).id)
    return ids


def claim(database: Database, worker: str = "a", after: timedelta = timedelta(minutes=1)) -> Claim | None:
    with database.write() as session:
        return claim_next(session, NOW + after, worker)


def record(
    database: Database, held: Claim, said: Handover = SENT, after: timedelta = timedelta(minutes=1)
) -> bool:
    with database.write() as session:
        return record_result(session, NOW + after, "a", held, said, random.Random(1))


def row(database: Database, message_id: int) -> Message:
    with database.read() as session:
        return session.get_one(Message, message_id)


def test_the_lease_is_longer_than_two_whole_tries() -> None:
    assert LEASE.total_seconds() > 2 * smtp.TOTAL_S


def test_the_message_that_waited_longest_is_taken_first_and_by_one(
    database: Database, clinic: SmallClinic
) -> None:
    first, second = write(database, clinic, 2)
    taken = [claim(database, worker) for worker in ("a", "b", "c")]
    assert [one.message_id if one else None for one in taken] == [first, second, None]
    found = row(database, first)
    assert (found.status, found.lease_by, found.fence, found.attempts) == (MessageStatus.SENDING, "a", 1, 1)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_a_message_that_another_worker_is_just_taking_is_passed_over(
    database: Database, clinic: SmallClinic
) -> None:
    first, second = write(database, clinic, 2)
    at = NOW + timedelta(minutes=1)
    with database.write() as one, database.write() as other:
        held = claim_next(one, at, "one")
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        taken = claim_next(other, at, "other")
        third = claim_next(other, at, "other")
    assert held is not None and taken is not None
    assert (held.message_id, taken.message_id, third) == (first, second, None)


def test_a_message_is_not_taken_before_its_time(database: Database, clinic: SmallClinic) -> None:
    write(database, clinic)
    assert claim(database, after=timedelta(seconds=-1)) is None


def test_a_worker_frozen_past_its_lease_can_record_nothing(database: Database, clinic: SmallClinic) -> None:
    (message,) = write(database, clinic)
    frozen = claim(database, "frozen")
    assert claim(database, "other", timedelta(minutes=1) + LEASE - timedelta(seconds=1)) is None
    later = timedelta(minutes=1) + LEASE
    other = claim(database, "other", later)
    assert frozen is not None and other is not None
    assert (frozen.fence, other.fence) == (1, 2)
    assert record(database, other, Handover(Outcome.PERMANENT, "No such mailbox."), later)
    assert not record(database, frozen, SENT, later)
    found = row(database, message)
    assert (found.status, found.reason, found.sent_at) == (MessageStatus.DEAD, "No such mailbox.", None)
    with database.read() as session:
        told = session.execute(
            select(MessageAttempt.fence, MessageAttempt.outcome).order_by(MessageAttempt.id)
        ).all()
    assert [tuple(one) for one in told] == [(1, "lapsed"), (2, "permanent")]


def test_a_frozen_worker_that_is_first_to_wake_records_nothing_either(
    database: Database, clinic: SmallClinic
) -> None:
    (message,) = write(database, clinic)
    frozen = claim(database, "frozen")
    other = claim(database, "other", timedelta(minutes=1) + LEASE)
    assert frozen is not None and other is not None
    assert not record(database, frozen)
    assert row(database, message).status is MessageStatus.SENDING
    assert record(database, other)
    assert row(database, message).status is MessageStatus.SENT


def test_a_result_is_recorded_once(database: Database, clinic: SmallClinic) -> None:
    write(database, clinic)
    held = claim(database)
    assert held is not None
    assert [record(database, held), record(database, held)] == [True, False]


def test_the_same_key_is_written_once_and_gives_the_same_message(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")])
        first, second = (confirm(session, course, visits) for _ in range(2))
        assert first.id == second.id
        assert first.message_id == second.message_id
        assert first.message_id.endswith("@riverside.example>")


def test_a_message_of_a_rolled_back_change_was_never_written(database: Database, clinic: SmallClinic) -> None:
    def change(session: Session) -> None:
        course, visits = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")])
        confirm(session, course, visits)
        raise ConflictError("A chair is gone.")

    with pytest.raises(ConflictError):
        database.attempt(change)
    assert claim(database) is None


def _reminder(database: Database, clinic: SmallClinic, channel: Channel = Channel.EMAIL) -> tuple[int, int]:
    with database.write() as session:
        _, (visit,) = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")])
        message = enqueue(
            session,
            NOW,
            purpose=Purpose.REMINDER,
            patient_id=clinic.patient.id,
            language="en",
            dedupe_key=f"key-{visit.id}",
            facts={"days_before": 1},
            infusion_id=visit.id,
            schedule_version=1,
            channel=channel,
        )
        return visit.id, message.id


def test_a_changed_visit_takes_its_waiting_messages_with_it(database: Database, clinic: SmallClinic) -> None:
    visit, message = _reminder(database, clinic)
    with database.write() as session:
        assert void_pending(session, NOW, [visit], "The visit was moved.") == 1
        assert void_pending(session, NOW, [visit], "The visit was moved.") == 0
        assert void_pending(session, NOW, [], "Nothing.") == 0
    found = row(database, message)
    assert (found.status, found.reason) == (MessageStatus.VOID, "The visit was moved.")
    assert claim(database) is None


def test_a_message_on_its_way_is_not_withdrawn(database: Database, clinic: SmallClinic) -> None:
    visit, message = _reminder(database, clinic)
    held = claim(database)
    assert held is not None
    with database.write() as session:
        assert void_pending(session, NOW, [visit], "The visit was moved.") == 0
    assert record(database, held)
    assert row(database, message).status is MessageStatus.SENT


def test_a_text_whose_worker_stopped_is_held_for_a_person(database: Database, clinic: SmallClinic) -> None:
    _, message = _reminder(database, clinic, Channel.SMS)
    with database.write() as session:
        found = session.get_one(Message, message)
        found.status, found.next_attempt_at = MessageStatus.SENDING, NOW + LEASE
    with database.write() as session:
        assert hold_lapsed_texts(session, NOW) == 0
        assert hold_lapsed_texts(session, NOW + LEASE) == 1
    held = row(database, message)
    assert held.status is MessageStatus.UNKNOWN
    assert "may have arrived" in (held.reason or "")
    assert claim(database, after=LEASE * 2) is None

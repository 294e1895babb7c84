"""What a patient is told arrives in the order in which it was written."""

import random
from datetime import datetime, timedelta

from scheduler.db import Database
from scheduler.features.outbox.actions import Claim, claim_next, enqueue, record_result
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.outbox.queries import health
from scheduler.models import Channel, Course, Infusion, Message, MessageStatus, Patient, Purpose, WorkerTick
from scheduler.worker.deliver import deliver_due
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.post import Clock, Recorder, post

LATER = Handover(Outcome.TEMPORARY, "Come back later.")
SENT = Handover(Outcome.SENT, "Taken.")
Written = tuple[Course, Infusion]


def booked(database: Database, clinic: SmallClinic, patient: Patient | None = None) -> Written:
    with database.write() as session:
        course, visits = make_course(
            session, clinic, [wall(clinic, "2026-11-10 09:30")], patient=patient, chair=1 if patient else 0
        )
        return course, visits[0]


def write(
    database: Database,
    about: Written,
    purpose: Purpose,
    *,
    channel: Channel = Channel.EMAIL,
    due_at: datetime | None = None,
) -> int:
    _, visit = about
    with database.write() as session:
        message = enqueue(
            session,
            NOW,
            purpose=purpose,
            patient_id=visit.patient_id,
            language="en",
            dedupe_key=f"{purpose.value}:{visit.id}:{channel.value}",
            facts={"days_before": 1, "to": "old@example.org", "starts_at": visit.starts_at.isoformat()},
            infusion_id=visit.id,
            schedule_version=1,
            due_at=due_at,
            channel=channel,
        )
        return message.id


def claim(database: Database, at: datetime) -> Claim | None:
    with database.write() as session:
        return claim_next(session, at, "a")


def taken(database: Database, at: datetime) -> list[int]:
    """The messages that may go at `at`, none of which is ended."""
    found = []
    while (held := claim(database, at)) is not None:
        found.append(held.message_id)
    return found


def fail(database: Database, at: datetime, *, written: bool = True) -> Claim:
    """Take the next message and have the mail server put it off; unless `written`, it broke before."""
    held = claim(database, at)
    assert held is not None
    with database.write() as session:
        if written:
            session.get_one(Message, held.message_id).rendered_at = at
        assert record_result(session, at, "a", held, LATER, random.Random(1))
    return held


def test_a_later_message_never_overtakes_one_that_waits_for_its_next_try(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        stranger = make_patient(session, clinic.site, 2)
    mine, theirs = booked(database, clinic), booked(database, clinic, stranger)
    first, second = (write(database, mine, one) for one in (Purpose.INVITATION, Purpose.REMINDER))
    assert fail(database, NOW).message_id == first
    other = write(database, theirs, Purpose.REMINDER)
    by_text = write(database, mine, Purpose.REMINDER, channel=Channel.SMS)
    assert taken(database, NOW) == [other, by_text], "another patient and another channel wait for nobody"
    after = NOW + timedelta(minutes=2)
    held = claim(database, after)
    assert held is not None and held.message_id == first
    assert second not in taken(database, after), "nor one that is on its way"
    with database.write() as session:
        record_result(session, after, "a", held, SENT, random.Random(1))
    assert second in taken(database, after)


def test_what_waits_for_the_morning_is_not_overtaken_and_an_answer_does_not_wait(
    database: Database, clinic: SmallClinic
) -> None:
    mine = booked(database, clinic)
    first, _second = (write(database, mine, one) for one in (Purpose.INVITATION, Purpose.REMINDER))
    night = wall(clinic, "2026-11-03 03:00")
    assert deliver_due(post(database, Recorder(), Clock(night))) == 1
    answer = write(database, mine, Purpose.ANSWER)
    assert taken(database, night) == [answer]
    assert sorted(taken(database, wall(clinic, "2026-11-03 08:00"))) == [first, answer]


def test_nobody_waits_for_a_message_that_could_not_be_written_or_whose_time_has_not_come(
    database: Database, clinic: SmallClinic
) -> None:
    mine = booked(database, clinic)
    broken = write(database, mine, Purpose.INVITATION)
    assert fail(database, NOW, written=False).message_id == broken
    write(database, mine, Purpose.VISIT_MOVED, due_at=NOW + timedelta(hours=5))
    good = write(database, mine, Purpose.REMINDER)
    assert taken(database, NOW) == [good]


def test_what_waits_behind_another_is_not_late(database: Database, clinic: SmallClinic) -> None:
    mine = booked(database, clinic)
    first = write(database, mine, Purpose.INVITATION)
    write(database, mine, Purpose.REMINDER)
    later = NOW + timedelta(hours=1)
    with database.write() as session:
        session.add(WorkerTick(worker="a", started_at=NOW, last_tick_at=later))
        message = session.get_one(Message, first)
        message.status, message.next_attempt_at = MessageStatus.QUEUED, later + timedelta(minutes=5)
    with database.read() as session:
        assert health(session, later, 20).outbox == "ok"
    with database.write() as session:
        session.get_one(Message, first).status = MessageStatus.SENT
    with database.read() as session:
        assert health(session, later, 20).outbox == "late"

"""What leaves the building, through a real mail server: once, in time, and nothing lost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.channels.result import Outcome, Result
from scheduler.db import Database
from scheduler.features.outbox.actions import Ready, void_pending
from scheduler.features.outbox.actions.pause import pause
from scheduler.features.reminders.actions import write_reminders
from scheduler.features.reminders.queries import due_reminders
from scheduler.models import Infusion, InfusionStatus, Message, MessageStatus, Patient
from scheduler.worker.deliver import BROKEN, deliver_due
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.post import Clock, Recorder, files, post, smtp
from tests.support.smtp_server import Mood, SmtpServer, free_port, smtp_server


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def book(database: Database, clinic: SmallClinic, start: str = "2026-11-10 09:30", patient: int = 1) -> int:
    """Book one visit with its confirmation; gives the message."""
    with database.write() as session:
        person = clinic.patient if patient == 1 else make_patient(session, clinic.site, patient)
        course, visits = make_course(
            session, clinic, [wall(clinic, start)], patient=person, chair=patient % 2
        )
        return confirm(session, course, visits).id


def remind(database: Database, clock: Clock) -> int:
    with database.read() as session:
        due = due_reminders(session, clock.at)
    with database.write() as session:
        return write_reminders(session, clock.at, due)


def rows(database: Database) -> list[Message]:
    with database.read() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def states(database: Database) -> list[str]:
    return [row.status.value for row in rows(database)]


def test_a_confirmation_goes_out_once(
    database: Database, clinic: SmallClinic, server: SmtpServer, clock: Clock
) -> None:
    book(database, clinic)
    means = post(database, smtp(server.url), clock)
    assert [deliver_due(means), deliver_due(means)] == [1, 0]
    (taken,) = server.taken
    parsed = message_from_bytes(taken, policy=policy.SMTP)
    assert parsed["To"] == "marta1@example.org"
    assert parsed["Subject"] == "Your appointment on Tuesday 10 November 2026"
    assert [(row.status, row.sent_at) for row in rows(database)] == [(MessageStatus.SENT, NOW)]
    means.transport.close()


def test_without_a_mail_server_messages_become_files(
    database: Database, clinic: SmallClinic, clock: Clock, tmp_path: Path
) -> None:
    book(database, clinic)
    deliver_due(post(database, files(tmp_path / "outbox"), clock))
    (written,) = (tmp_path / "outbox").iterdir()
    (row,) = rows(database)
    assert written.read_bytes() == row.body
    assert row.status is MessageStatus.SENT


def test_a_server_that_is_down_costs_no_message_and_no_others_try(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    for number in (1, 2, 3):
        book(database, clinic, f"2026-11-1{number} 09:30", number)
    down = post(database, smtp(f"smtp://127.0.0.1:{free_port()}"), clock)
    assert deliver_due(down) == 1
    assert [row.attempts for row in rows(database)] == [1, 0, 0]
    assert rows(database)[0].reason == "No mail server answers at the address that is set."
    with smtp_server() as server:
        up = post(database, smtp(server.url), clock)
        assert deliver_due(up) == 2
        clock.move(minutes=2)
        assert deliver_due(up) == 1
        assert states(database) == ["sent"] * 3
        assert len(server.taken) == 3
        up.transport.close()


@pytest.mark.parametrize("mood", [Mood.REFUSE_FOR_NOW, Mood.DROP_IN_DATA, Mood.CLOSE_FOR_NOW])
def test_a_message_not_taken_now_is_taken_later(
    database: Database, clinic: SmallClinic, server: SmtpServer, clock: Clock, mood: Mood
) -> None:
    book(database, clinic)
    means = post(database, smtp(server.url), clock)
    server.mood = mood
    deliver_due(means)
    server.mood = Mood.TAKE
    assert states(database) == ["queued"]
    assert deliver_due(means) == 0, "not before its time"
    clock.move(minutes=2)
    deliver_due(means)
    assert states(database) == ["sent"]
    assert len(server.taken) == 1
    means.transport.close()


def test_a_server_that_asks_to_wait_is_left_alone_until_then(
    database: Database, clinic: SmallClinic, server: SmtpServer, clock: Clock
) -> None:
    book(database, clinic)
    means = post(database, smtp(server.url), clock)
    server.mood = Mood.GREYLIST
    deliver_due(means)
    assert rows(database)[0].next_attempt_at == NOW + timedelta(minutes=5)
    means.transport.close()


def test_one_bad_row_does_not_stop_the_next(
    database: Database, clinic: SmallClinic, server: SmtpServer, clock: Clock
) -> None:
    bad, good = book(database, clinic), book(database, clinic, "2026-11-11 09:30", 2)
    with database.write() as session:
        session.get_one(Message, bad).facts = {"visits": "not a list of visits"}
    means = post(database, smtp(server.url), clock)
    assert deliver_due(means) == 2
    found = {row.id: row for row in rows(database)}
    assert (found[bad].status, found[bad].reason) == (MessageStatus.QUEUED, BROKEN)
    assert found[good].status is MessageStatus.SENT
    means.transport.close()


def test_a_refused_recipient_is_dead_with_the_reason_and_the_next_one_is_sent(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    book(database, clinic)
    book(database, clinic, "2026-11-11 09:30", 2)
    door = Recorder([Result(Outcome.PERMANENT, "No such mailbox.")])
    deliver_due(post(database, door, clock))
    assert states(database) == ["dead", "sent"]
    assert rows(database)[0].reason == "No such mailbox."


def test_a_message_that_is_never_taken_is_given_up_with_the_reason(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, "2026-12-10 09:30")])
        confirm(session, course, visits)
    door = Recorder([Result(Outcome.TEMPORARY, "Mailbox full.")] * 99)
    means = post(database, door, clock)
    for _ in range(40):
        deliver_due(means)
        clock.move(hours=5)
    (row,) = rows(database)
    assert (row.status, row.attempts, len(door.sent)) == (MessageStatus.DEAD, 16, 16)
    assert row.reason == "Given up after 16 tries. The last one: Mailbox full."
    assert len({ready.body for ready in door.sent}) == 1


def test_a_visit_moved_a_moment_before_its_reminder_is_not_reminded_of(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    book(database, clinic)
    door = Recorder()
    means = post(database, door, clock)
    deliver_due(means)
    clock.at = wall(clinic, "2026-11-09 09:30")
    assert remind(database, clock) == 2, "both reminders are written; the earlier one is too late"
    with database.write() as session:
        visit = session.scalars(select(Infusion)).one()
        visit.schedule_version += 1
    deliver_due(means)
    assert states(database) == ["sent", "expired", "void"]
    assert len(door.sent) == 1


def test_a_visit_cancelled_a_moment_before_its_reminder_is_not_reminded_of(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    book(database, clinic)
    door = Recorder()
    means = post(database, door, clock)
    deliver_due(means)
    clock.at = wall(clinic, "2026-11-07 09:30")
    remind(database, clock)
    with database.write() as session:
        visit = session.scalars(select(Infusion)).one()
        visit.status = InfusionStatus.CANCELLED
        assert void_pending(session, clock.at, [visit.id], "The visit was cancelled.") == 1
    assert deliver_due(means) == 0
    assert len(door.sent) == 1


@dataclass
class Slow(Recorder):
    """A door at which the first message stands until the next one is made, and `meanwhile` happens."""

    clock: Clock = field(kw_only=True)
    is_next_made: Callable[[], bool] = field(kw_only=True)
    meanwhile: Callable[[], None] = field(kw_only=True)

    def send(self, ready: Ready) -> Result:
        """Keep it; the first one waits."""
        if not self.sent:
            for _ in range(3_000):
                if self.is_next_made():
                    break
                Event().wait(0.01)
            self.meanwhile()
            self.clock.move(seconds=1)
        return super().send(ready)


def slow_door(database: Database, clinic: SmallClinic, clock: Clock, meanwhile: Callable[[], None]) -> Slow:
    """Two patients' messages, of which the second is claimed and written while the first is at the door."""
    book(database, clinic)
    book(database, clinic, "2026-11-11 09:30", 2)
    return Slow(
        clock=clock, is_next_made=lambda: rows(database)[1].rendered_at is not None, meanwhile=meanwhile
    )


def test_a_visit_cancelled_while_the_message_before_stands_at_the_door_is_not_written_of(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    def cancel() -> None:
        with database.write() as session:
            for visit in session.scalars(select(Infusion)):
                visit.status = InfusionStatus.CANCELLED

    door = slow_door(database, clinic, clock, cancel)
    deliver_due(post(database, door, clock))
    assert states(database) == ["sent", "void"]
    assert len(door.sent) == 1


def test_what_was_taken_waits_where_sending_is_paused_while_the_message_before_stands_at_the_door(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    def stop() -> None:
        with database.write() as session:
            pause(session, Actor(None, "Rosa"), clock.at, "Wrong phone number in the texts.")

    door = slow_door(database, clinic, clock, stop)
    deliver_due(post(database, door, clock))
    assert states(database) == ["sent", "queued"]
    assert [row.attempts for row in rows(database)] == [1, 0]


def test_a_worker_that_slept_sends_what_is_still_of_use_and_drops_the_rest(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    book(database, clinic, "2026-11-10 09:30")
    book(database, clinic, "2026-11-11 14:00", 2)
    door = Recorder()
    means = post(database, door, clock)
    deliver_due(means)
    clock.at = wall(clinic, "2026-11-09 12:00")  # asleep since Monday; three reminders fell due
    assert remind(database, clock) == 3
    deliver_due(means)
    told = {(row.patient_id, row.facts["days_before"]): row for row in rows(database)[2:]}
    first = clinic.patient.id
    assert told[(first, 3)].status is MessageStatus.EXPIRED
    assert told[(first, 3)].reason == "The worker was not running while it was due."
    assert told[(first, 1)].status is MessageStatus.SENT
    assert [row.status for (patient, _), row in told.items() if patient != first] == [MessageStatus.EXPIRED]


def test_a_patient_without_an_address_is_not_written_to_and_it_says_so(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    book(database, clinic)
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).email = None
    door = Recorder()
    deliver_due(post(database, door, clock))
    assert door.sent == []
    assert rows(database)[0].reason == "No e-mail address is on file."


def test_a_worker_that_is_told_to_stop_takes_no_further_message(
    database: Database, clinic: SmallClinic, clock: Clock
) -> None:
    for number in (1, 2, 3):
        book(database, clinic, f"2026-11-1{number} 09:30", number)
    door = Recorder()
    deliver_due(post(database, door, clock), is_stopping=lambda: len(door.sent) >= 1)
    assert states(database) == ["sent", "queued", "queued"]

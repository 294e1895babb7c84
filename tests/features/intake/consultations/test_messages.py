"""What whoever asked is told: each change they don't know of, once, with one calendar entry that follows."""

from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy

from icalendar import Calendar

from scheduler.channels.result import Outcome, Result
from scheduler.db import Database
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.actions.change import cancel, move
from scheduler.features.intake.consultations.order import Place
from scheduler.features.outbox.actions import Ready
from scheduler.features.outbox.actions.request_mail import enqueue_for_request
from scheduler.models import Consultation, ConsultationRequest, Message, MessageStatus, Purpose
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.language import load
from scheduler.worker.deliver import deliver_due
from tests.support.booked import wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import Clock, Recorder, post
from tests.support.requests import ROSA, make_request

AT, LATER = "2026-11-10 09:30", "2026-11-12 14:00"


@dataclass
class Desk:
    """The desk, and everything that has left the building, at a time that the test moves."""

    database: Database
    clinic: SmallClinic
    clock: Clock
    door: Recorder

    def book(self, request_id: int, at: str, way: str = "in_person") -> Consultation:
        """Book with the clinician."""
        with self.database.write() as session:
            return book(session, ROSA, self.clock.at, request_id, self._place(at, way), at)

    def move(self, row: Consultation, at: str, way: str = "in_person") -> Consultation:
        """Move it there."""
        with self.database.write() as session:
            seen = session.get_one(Consultation, row.id).version
            return move(session, ROSA, self.clock.at, row.id, self._place(at, way), seen)

    def cancel(self, row: Consultation) -> None:
        """Call it off."""
        with self.database.write() as session:
            seen = session.get_one(Consultation, row.id).version
            cancel(session, ROSA, self.clock.at, row.id, "They are ill", seen)

    def deliver(self) -> list[Ready]:
        """What leaves now."""
        self.door.sent.clear()
        deliver_due(post(self.database, self.door, self.clock))
        return list(self.door.sent)

    def _place(self, at: str, way: str) -> Place:
        return Place(self.clinic.users["clinician"].id, wall(self.clinic, at), way)


def desk(database: Database, clinic: SmallClinic) -> Desk:
    """At 10 on Monday, with nothing sent yet."""
    return Desk(database, clinic, Clock(NOW), Recorder())


def invitation(sent: Ready) -> tuple[str, dict[str, str]]:
    """The method of a mail's calendar part and what its one entry says."""
    parsed = message_from_bytes(sent.body, policy=policy.SMTP)
    part = next(part for part in parsed.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    event = calendar.walk("VEVENT")[0]
    names = ("UID", "SEQUENCE", "STATUS", "LOCATION", "SUMMARY")
    return str(calendar["METHOD"]), {
        **{name: str(event[name]) for name in names},
        "at": event.decoded("DTSTART").isoformat(),
    }


def plain(sent: Ready) -> str:
    """The words of a mail, or of a text."""
    if sent.channel.value == "sms":
        return sent.body.decode()
    body = message_from_bytes(sent.body, policy=policy.SMTP).get_body(("plain",))  # type: ignore[attr-defined]
    return str(body.get_content())


def test_one_calendar_entry_follows_the_consultation_through_its_life(
    database: Database, clinic: SmallClinic
) -> None:
    here = desk(database, clinic)
    row = here.book(1, AT)
    [first] = here.deliver()
    here.move(row, LATER)
    [second] = here.deliver()
    here.cancel(row)
    [third] = here.deliver()
    entries = [invitation(one) for one in (first, second, third)]
    assert [(method, entry["SEQUENCE"]) for method, entry in entries] == [
        ("REQUEST", "0"),
        ("REQUEST", "1"),
        ("CANCEL", "2"),
    ]
    assert len({entry["UID"] for _, entry in entries}) == 1
    assert entries[1][1]["at"] == entries[2][1]["at"] == wall(clinic, LATER).isoformat()
    assert "/k/" in plain(first) and "/k/" in plain(second) and "/k/" not in plain(third)


def test_what_was_moved_before_the_first_mail_left_is_told_once_as_it_is(
    database: Database, clinic: SmallClinic
) -> None:
    here = desk(database, clinic)
    here.move(here.book(1, AT), LATER)
    [only] = here.deliver()
    assert "is booked for you" in plain(only)
    assert invitation(only)[1]["at"] == wall(clinic, LATER).isoformat()


def test_moved_there_and_back_is_no_news(database: Database, clinic: SmallClinic) -> None:
    here = desk(database, clinic)
    row = here.book(1, AT)
    here.deliver()
    here.move(row, LATER)
    here.move(row, AT)
    assert here.deliver() == []


def test_what_nobody_was_told_of_is_called_off_in_silence(database: Database, clinic: SmallClinic) -> None:
    here = desk(database, clinic)
    here.cancel(here.book(1, AT))
    assert here.deliver() == []


def test_the_reminder_goes_a_day_before_at_the_time_that_holds(
    database: Database, clinic: SmallClinic
) -> None:
    here = desk(database, clinic)
    row = here.book(1, AT)
    here.deliver()
    here.move(row, LATER)
    here.deliver()
    with database.read() as session:  # The old one is withdrawn with the move, not when its time comes.
        waiting = session.query(Message).filter_by(status=MessageStatus.QUEUED)
        assert [one.schedule_version for one in waiting] == [2]
    here.clock.at = wall(clinic, AT) - timedelta(hours=23)
    assert here.deliver() == []
    here.clock.at = wall(clinic, LATER) - timedelta(hours=23)
    [reminder] = here.deliver()
    assert plain(reminder).count("14:00") == 1
    with database.read() as session:
        voided = session.query(Message).filter_by(
            purpose=Purpose.CONSULTATION_REMINDER, status=MessageStatus.VOID
        )
        assert voided.count() == 1


def test_who_gave_a_number_alone_gets_texts_that_say_how_and_never_what_for(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        make_request(session, clinic, 2, email=None, language="es")
    here = desk(database, clinic)
    here.book(2, AT, "phone")
    [text] = here.deliver()
    assert (text.channel.value, text.recipient) == ("sms", "+12125550002")
    assert "le llamamos" in plain(text) and "09:30" in plain(text)
    assert not find_banned(plain(text), load("es").banned)


def test_a_message_of_an_erased_request_goes_nowhere(database: Database, clinic: SmallClinic) -> None:
    here = desk(database, clinic)
    here.book(1, AT)
    with database.write() as session:
        request = session.get_one(ConsultationRequest, 1)
        request.erased_at, request.email, request.phone = NOW, None, None
    assert here.deliver() == []
    with database.read() as session:
        [message, _] = session.query(Message).order_by(Message.id)
        assert (message.status, message.reason) == (
            MessageStatus.SUPPRESSED,
            "There is no such address on file any more.",
        )


def test_two_messages_to_one_person_arrive_in_order(database: Database, clinic: SmallClinic) -> None:
    """The door takes nothing at first: the update waits behind the confirmation, as for patients."""
    here = desk(database, clinic)
    row = here.book(1, AT)
    here.door.answers = [Result(Outcome.TEMPORARY, "Busy.")]
    here.deliver()
    with database.write() as session:
        make_request(session, clinic, 2)
    enqueue_to(database, 1, "later", row.id)
    enqueue_to(database, 2, "other")
    assert [sent.recipient for sent in here.deliver()] == ["ines2@example.org"]


def enqueue_to(database: Database, request_id: int, key: str, consultation_id: int | None = None) -> None:
    """One more message."""
    with database.write() as session:
        enqueue_for_request(
            session,
            NOW,
            purpose=Purpose.CONSULTATION_BOOKED if consultation_id else Purpose.REQUEST_RECEIVED,
            request_id=request_id,
            dedupe_key=key,
            consultation_id=consultation_id,
            schedule_version=1,
        )

"""A new time and a cancellation go by text too to who takes texts; a confirmation if nothing else does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import Channel, Message, Patient, Topic
from scheduler.worker.deliver import deliver_due
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import Clock, Recorder, post


@pytest.fixture
def texting(database: Database, clinic: SmallClinic) -> int:
    """A booked course of a patient who takes any number of texts."""
    with database.write() as session:
        for topic in (Topic.SMS, Topic.MORE_TEXTS):
            choose(session, COMMAND, NOW, clinic.patient.id, topic, True, "desk", "asked")
    course = booked(database, clinic)
    send(database)
    return course


def send(database: Database) -> list[str]:
    """Send what waits; the words of the texts."""
    door = Recorder()
    deliver_due(post(database, door, Clock(LATER)))
    return [ready.body.decode() for ready in door.sent if ready.channel is Channel.SMS]


def move(database: Database, course: int, to: datetime) -> None:
    with database.write() as session:
        row = visits(session, course)[2]
        place_visits(
            session, ROSA, LATER, course, [Placement(3, row.chair_id or 0, to, row.id)],
            seen={row.id: row.schedule_version},
        )  # fmt: skip


def test_a_new_time_and_a_cancellation_are_told_by_text(
    database: Database, clinic: SmallClinic, texting: int
) -> None:
    move(database, texting, MONDAY + timedelta(days=4, minutes=30))
    (text,) = send(database)
    assert text.startswith("Riverside Clinic: new appointment time Fri 4 Dec, 10:00 EST. C confirms.")
    with database.write() as session:
        row = visits(session, texting)[2]
        cancel_visits(session, ROSA, LATER, texting, [row.id], "The patient asked.")
    (text,) = send(database)
    assert text.startswith("Riverside Clinic: your appointment Fri 4 Dec, 10:00 EST is cancelled.")


def test_going_back_to_the_old_time_is_news_by_text_where_the_text_had_gone_and_the_mail_had_not(
    database: Database, clinic: SmallClinic, texting: int
) -> None:
    with database.read() as session:
        before = visits(session, texting)[2]
    move(database, texting, MONDAY + timedelta(days=4, minutes=30))
    with database.write() as session:  # The mail server is away.
        for mail in session.scalars(select(Message).where(Message.channel == Channel.EMAIL)):
            mail.next_attempt_at = LATER + timedelta(hours=1)
    assert len(send(database)) == 1
    move(database, texting, MONDAY + timedelta(days=before.local_day.toordinal() - MONDAY.toordinal()))
    (text,) = send(database)
    assert "new appointment time" in text
    assert f"{before.local_day.day} {before.local_day:%b}" in text


def test_who_has_no_mail_gets_the_confirmation_as_a_text(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.get_one(Patient, clinic.patient.id).email = None
        choose(session, COMMAND, NOW, clinic.patient.id, Topic.SMS, True, "desk", "asked")
    booked(database, clinic)
    (text,) = send(database)
    assert text.startswith("Riverside Clinic: 6 appointments booked, the first Mon 30 Nov, 09:30 EST")

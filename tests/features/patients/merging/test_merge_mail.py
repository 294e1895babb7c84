"""Two records become one: each calendar entry stands in the mailbox of whoever the visit belongs to then."""

from email import message_from_bytes

import pytest
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.outbox.actions.invite import invite
from scheduler.features.patients.actions.merge import MergeOrder, merge_patients
from scheduler.features.patients.actions.unmerge import unmerge_patient
from scheduler.models import Patient
from scheduler.worker.deliver import deliver_due
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.post import Clock, Recorder, post

ROSA = Actor(None, "Rosa")
ONE, TWO = "marta1@example.org", "marta2@example.org"


@pytest.fixture
def other(database: Database, clinic: SmallClinic) -> int:
    """A second record with a visit that stands in its own mailbox's calendar."""
    with database.write() as session:
        person = make_patient(session, clinic.site, 2)
        _, visits = make_course(session, clinic, [wall(clinic, "2026-11-10 09:30")], patient=person)
        invite(session, NOW, person, visits)
        assert (clinic.patient.email, person.email) == (ONE, TWO)
    assert sent(database) == [(TWO, "REQUEST")]
    return person.id


def sent(database: Database) -> list[tuple[str, str]]:
    """What leaves now: to whom, and what it does to a calendar."""
    door = Recorder()
    deliver_due(post(database, door, Clock(NOW)))
    found = []
    for mail in door.sent:
        parts = message_from_bytes(mail.body).walk()
        [calendar] = {
            str(part.get_param("method")) for part in parts if part.get_content_type() == "text/calendar"
        }
        found.append((mail.recipient, calendar))
    return found


def merge(session: Session, clinic: SmallClinic, other: int, *take: str) -> Patient:
    return merge_patients(session, ROSA, NOW, MergeOrder(clinic.patient.id, other, 1, 1, frozenset(take)))


def test_a_merge_takes_the_entries_out_of_the_mailbox_that_is_given_up(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    with database.write() as session:
        merge(session, clinic, other)
    assert sent(database) == [(TWO, "CANCEL"), (ONE, "REQUEST")]
    with database.write() as session:
        unmerge_patient(session, ROSA, NOW, other)
    assert sent(database) == [(ONE, "CANCEL"), (TWO, "REQUEST")]


def test_entries_in_the_mailbox_that_is_kept_stay_as_they_are(
    database: Database, clinic: SmallClinic, other: int
) -> None:
    with database.write() as session:
        merge(session, clinic, other, "email")
    assert sent(database) == []

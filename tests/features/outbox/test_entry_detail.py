"""A calendar entry says which visit it is for who wants that, and stops saying it when they no longer do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.outbox.actions.consent import set_choices
from scheduler.features.outbox.contact.queries import newest_choice
from scheduler.models import Message, Purpose, Topic
from tests.features.outbox.test_invitations import NOON, deliver, facts, move, rows_of
from tests.support.changes import LATER, MONDAY, ROSA, booked
from tests.support.clinic import SmallClinic

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
USUAL = {Topic.EMAIL, Topic.INVITATIONS, Topic.REMINDERS}


def choose(database: Database, clinic: SmallClinic, *more: Topic) -> None:
    patient = clinic.patient.id
    database.attempt(
        lambda s: set_choices(
            s, ROSA, LATER, patient, USUAL | set(more), "desk", seen=newest_choice(s, patient)
        )
    )


def told(part: object) -> str:
    return str(part.vevent.description.value).splitlines()[0]  # type: ignore[attr-defined]


@ON_SQLITE
def test_entries_that_are_out_follow_what_the_patient_wants_them_to_say(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    first = [part for _, _, part in deliver(database) if part is not None]
    choose(database, clinic, Topic.DETAIL)
    more = deliver(database)
    choose(database, clinic)
    less = deliver(database)
    rows = rows_of(database, course)
    for sent, sequence in ((more, 1), (less, 2)):
        assert [facts(part) for _, _, part in sent] == [
            ("REQUEST", row.ics_uid, sequence, row.starts_at) for row in rows
        ]
    assert [told(part).endswith(f", appointment {n} of 6") for n, (_, _, part) in enumerate(more, 1)] == [
        True
    ] * 6
    assert [told(part) for _, _, part in less] == [told(part) for part in first]
    with database.read() as session:
        bodies = session.scalars(
            select(Message.body).where(Message.purpose == Purpose.INVITATION).order_by(Message.id)
        ).all()
    assert all(b"Copies elsewhere" in (body or b"") for body in bodies[-6:])
    assert not any(b"Copies elsewhere" in (body or b"") for body in bodies[:-6])


@ON_SQLITE
def test_a_visit_that_moves_takes_along_what_its_entry_may_say(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    choose(database, clinic, Topic.DETAIL)
    assert len(deliver(database)) == 7, "invitations that wait need no update"
    with database.write() as session:
        move(session, course, 3, MONDAY + timedelta(days=4, minutes=30))
    [(_, _, part)] = deliver(database, NOON + timedelta(minutes=1))
    assert told(part).endswith(", appointment 3 of 6")

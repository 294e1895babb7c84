"""MESSAGES.md 4 where `test_invitations.py` leaves off: what names an entry, and what leaves it alone."""

import re
from datetime import UTC, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.courses.actions.undo import undo
from scheduler.features.outbox.actions import Ready, claim_next, prepare
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.models import Infusion, Message, MessageStatus, Purpose
from tests.features.outbox.test_invitations import NOON, deliver, facts, move, rows_of
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import BASE

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def names_of(rows: list[Infusion]) -> list[tuple[str, int, object]]:
    return [(row.ics_uid, row.ics_sequence, row.ics_dtstamp) for row in rows]


@ON_SQLITE
def test_an_entrys_number_is_random_tells_nothing_and_stays(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    before = names_of(rows_of(database, course))  # type: ignore[arg-type]
    assert len({uid for uid, _, _ in before}) == 6
    for uid, sequence, stamp in before:
        drawn = re.match(r"[0-9a-f-]+", uid)
        assert drawn and len(drawn[0].replace("-", "")) >= 32  # 128 bits
        for told in (clinic.patient.family_name, clinic.patient.record_number, "marta", "RV"):
            assert told.lower() not in uid.lower()
        assert (sequence, stamp) == (0, NOW)
    with database.write() as session:
        move(session, course, 3, MONDAY + timedelta(days=4, minutes=30))
    after = names_of(rows_of(database, course))  # type: ignore[arg-type]
    assert after[2] == (before[2][0], 1, LATER)
    assert [*after[:2], *after[3:]] == [*before[:2], *before[3:]]


@ON_SQLITE
def test_an_invitation_carries_the_times_of_its_revision_and_is_the_same_mail_at_each_try(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    deliver(database)
    with database.write() as session:
        move(session, course, 3, MONDAY + timedelta(days=4, minutes=30))
    bodies = []
    for at in (NOON, NOON + LEASE + timedelta(hours=1)):  # the first worker died: the lease ran out
        with database.write() as session:
            claim = claim_next(session, at, "w")
            assert claim is not None
            ready = prepare(session, at, "w", claim, BASE)
            assert isinstance(ready, Ready)
            bodies.append(ready.body)
            session.get_one(Message, claim.message_id).body = None if at == NOON else ready.body
    assert calendar_bytes(bodies[0]) == calendar_bytes(bodies[1])
    lines = calendar_bytes(bodies[0]).decode().split("\r\n")
    stamp = f"{LATER.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    assert f"DTSTAMP:{stamp}" in lines and f"LAST-MODIFIED:{stamp}" in lines
    assert lines.index("METHOD:REQUEST") < lines.index("BEGIN:VEVENT")
    mail = message_from_bytes(bodies[0], policy=policy.SMTP)
    assert f"ORGANIZER:mailto:{mail['From'].addresses[0].addr_spec}" in lines


def calendar_bytes(body: bytes) -> bytes:
    """The calendar part of a mail, as it is."""
    [part] = [
        each
        for each in message_from_bytes(body, policy=policy.SMTP).walk()
        if each.get_content_type() == "text/calendar"
    ]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


@ON_SQLITE
def test_another_chair_at_the_same_time_tells_the_patient_nothing(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    deliver(database)
    before = rows_of(database, course)[2]
    with database.write() as session:
        placement = Placement(3, clinic.chairs[1].id, MONDAY + timedelta(days=4), before.id)
        place_visits(session, ROSA, LATER, course, [placement], seen={before.id: before.schedule_version})
    after = rows_of(database, course)[2]
    assert (after.chair_id, after.starts_at) == (clinic.chairs[1].id, before.starts_at)
    assert (after.ics_sequence, after.ics_dtstamp) == (before.ics_sequence, before.ics_dtstamp)
    assert deliver(database) == []


def test_a_visit_that_comes_back_is_a_new_entry_and_the_cancelled_one_stays_away(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    deliver(database)
    gone = rows_of(database, course)[3]
    done = database.attempt(lambda s: cancel_visits(s, ROSA, LATER, course, [gone.id], "On holiday"))
    [(_, _, ended)] = deliver(database)
    assert facts(ended)[:3] == ("CANCEL", gone.ics_uid, 1)
    database.attempt(lambda s: undo(s, ROSA, LATER, done.change_id))
    with database.read() as session:
        [back] = [
            row for row in visits(session, course) if row.number == 4 and row.status.value == "scheduled"
        ]
    assert [facts(part) for _, _, part in deliver(database) if part is not None] == [
        ("REQUEST", back.ics_uid, 0, gone.starts_at)
    ]
    assert back.ics_uid != gone.ics_uid
    with database.read() as session:
        about_gone = session.scalars(
            select(Message.purpose)
            .where(Message.infusion_id == gone.id, Message.status == MessageStatus.SENT)
            .order_by(Message.id)
        ).all()
    assert about_gone == [Purpose.INVITATION, Purpose.VISIT_CANCELLED]

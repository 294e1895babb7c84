"""One calendar entry for each visit: it comes, moves and goes with the visit, for the patient."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import vobject
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.outbox.actions import Ready, claim_next, prepare, record_result
from scheduler.features.outbox.actions.invite import follow_address, invite_to_rest
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import Infusion, Message, MessageStatus, Patient, Purpose, Site, Topic
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import SmallClinic
from tests.support.post import BASE

NOON = LATER.replace(hour=17)
OK = Handover(Outcome.SENT, "Taken.")


def deliver(
    database: Database, at: datetime = NOON
) -> list[tuple[Purpose, str, vobject.base.Component | None]]:
    """Send all that waits: purpose, recipient and the calendar part of each mail, in order."""
    sent = []
    while True:
        with database.write() as session:
            claim = claim_next(session, at, "w")
        if claim is None:
            return sent
        with database.write() as session:
            ready = prepare(session, at, "w", claim, BASE)
            purpose = session.get_one(Message, claim.message_id).purpose
        if isinstance(ready, Ready):
            sent.append((purpose, ready.recipient, calendar_of(ready.body)))
            with database.write() as session:
                record_result(session, at, "w", claim, OK, None)  # type: ignore[arg-type]


def calendar_of(body: bytes) -> vobject.base.Component | None:
    """The calendar part as another program reads it."""
    parsed = message_from_bytes(body, policy=policy.SMTP)
    parts = [part for part in parsed.walk() if part.get_content_type() == "text/calendar"]
    assert len(parts) <= 1
    return vobject.readOne(parts[0].get_payload(decode=True).decode()) if parts else None


def facts(part: vobject.base.Component | None) -> tuple[str, str, int, datetime]:
    """Method, UID, sequence and start."""
    assert part is not None
    event = part.vevent
    return part.method.value, event.uid.value, int(event.sequence.value), event.dtstart.value


def move(session: Session, course: int, number: int, to: datetime) -> None:
    row = visits(session, course)[number - 1]
    placement = Placement(number, row.chair_id or 0, to, row.id)
    place_visits(session, ROSA, LATER, course, [placement], seen={row.id: row.schedule_version})


def rows_of(database: Database, course: int) -> Sequence[Infusion]:
    with database.read() as session:
        return visits(session, course)


def test_a_booking_is_one_summary_and_then_one_invitation_for_each_visit(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    sent = deliver(database)
    assert [purpose for purpose, _, _ in sent] == [Purpose.BOOKING_CONFIRMATION, *[Purpose.INVITATION] * 6]
    assert sent[0][2] is None
    rows = rows_of(database, course)
    assert [facts(part) for _, _, part in sent[1:]] == [
        ("REQUEST", row.ics_uid, 0, row.starts_at) for row in rows
    ]


def test_a_moved_visit_updates_its_one_entry_and_no_other(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    deliver(database)
    with database.write() as session:
        move(session, course, 3, MONDAY + timedelta(days=4, minutes=30))
    row = rows_of(database, course)[2]
    assert [(purpose, facts(part)) for purpose, _, part in deliver(database)] == [
        (Purpose.VISIT_MOVED, ("REQUEST", row.ics_uid, 1, row.starts_at))
    ]


def test_a_cancelled_visit_leaves_the_calendar_from_the_time_it_has_there(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    deliver(database)
    before = rows_of(database, course)[3]
    with database.write() as session:  # moved first: the calendar still holds the old time
        move(session, course, 4, MONDAY + timedelta(days=7, minutes=30))
        cancel_visits(session, ROSA, LATER, course, [before.id], "asked by phone")
    [(purpose, _, part)] = deliver(database)
    assert purpose is Purpose.VISIT_CANCELLED
    assert facts(part) == ("CANCEL", before.ics_uid, 2, before.starts_at)
    assert part is not None and part.vevent.status.value == "CANCELLED"


def test_a_visit_moved_before_its_invitation_left_is_invited_to_once_at_the_new_time(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        move(session, course, 3, MONDAY + timedelta(days=4, minutes=30))
    sent = deliver(database)
    row = rows_of(database, course)[2]
    about = [facts(part) for _, _, part in sent if part is not None and part.vevent.uid.value == row.ics_uid]
    assert about == [("REQUEST", row.ics_uid, 1, row.starts_at)]
    assert len(sent) == 7


def test_a_cancelled_visit_that_stands_in_no_calendar_is_told_in_words_alone(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        choose(session, ROSA, LATER, clinic.patient.id, Topic.INVITATIONS, False, "desk")
        for message in session.scalars(select(Message).where(Message.purpose == Purpose.INVITATION)):
            message.status = MessageStatus.VOID
    deliver(database)
    with database.write() as session:
        cancel_visits(session, ROSA, LATER, course, [visits(session, course)[3].id], "asked by phone")
    assert [(purpose, part) for purpose, _, part in deliver(database)] == [(Purpose.VISIT_CANCELLED, None)]


def test_who_wants_the_summary_alone_is_invited_to_nothing_until_they_choose_it(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        choose(session, ROSA, LATER, clinic.patient.id, Topic.INVITATIONS, False, "desk")
    booked(database, clinic)
    assert [purpose for purpose, _, _ in deliver(database)] == [Purpose.BOOKING_CONFIRMATION]
    with database.write() as session:
        choose(session, ROSA, LATER, clinic.patient.id, Topic.INVITATIONS, True, "patient")
        assert invite_to_rest(session, LATER, session.get_one(Patient, clinic.patient.id)) == 6
        assert invite_to_rest(session, LATER, session.get_one(Patient, clinic.patient.id)) == 6
    assert [purpose for purpose, _, _ in deliver(database)] == [Purpose.INVITATION] * 6


def test_a_new_address_takes_the_visits_and_the_old_one_gives_them_back(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    old = deliver(database)[0][1]
    with database.write() as session:
        patient = session.get_one(Patient, clinic.patient.id)
        patient.email = "new@example.org"
        session.flush()
        follow_address(session, LATER, patient)
    sent = deliver(database)
    rows = rows_of(database, course)
    leaving = [facts(part) for _, to, part in sent if to == old]
    coming = [facts(part) for _, to, part in sent if to == "new@example.org"]
    assert leaving == [("CANCEL", row.ics_uid, 1, row.starts_at) for row in rows]
    assert coming == [("REQUEST", row.ics_uid, 1, row.starts_at) for row in rows]
    with database.write() as session:  # what follows goes to the new one alone
        cancel_visits(session, ROSA, LATER, course, [rows[5].id], "asked by phone")
    assert [(to, facts(part)[0]) for _, to, part in deliver(database)] == [("new@example.org", "CANCEL")]


def test_the_organizer_of_the_first_invitation_stays(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    deliver(database)
    with database.write() as session:
        session.get_one(Site, clinic.site.id).from_email = "hello@other.example"
        move(session, course, 3, MONDAY + timedelta(days=4, minutes=30))
    row = rows_of(database, course)[2]
    with database.write() as session:
        claim = claim_next(session, NOON, "w")
        assert claim is not None
        ready = prepare(session, NOON, "w", claim, BASE)
    assert isinstance(ready, Ready)
    assert ready.sender == row.ics_organizer
    part = calendar_of(ready.body)
    assert part is not None and part.vevent.organizer.value == f"mailto:{row.ics_organizer}"

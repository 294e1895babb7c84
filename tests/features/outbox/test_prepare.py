"""What a message says is looked at just before it is sent; what has become untrue is not sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.outbox.actions import Claim, Ready, Settled, claim_next, enqueue, prepare
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import (
    Channel,
    Infusion,
    InfusionStatus,
    Message,
    MessageStatus,
    MessageTemplate,
    Patient,
    Purpose,
    Site,
    Topic,
)
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.post import BASE

VISIT = "2026-11-10 09:30"
Change = Callable[[Session, SmallClinic, Infusion], None]


def write_reminder(database: Database, clinic: SmallClinic) -> tuple[int, int]:
    """A reminder one day before the visit; gives visit and message."""
    with database.write() as session:
        _, (visit,) = make_course(session, clinic, [wall(clinic, VISIT)])
        due = wall(clinic, "2026-11-09 09:30")
        message = enqueue(
            session,
            due,
            purpose=Purpose.REMINDER,
            patient_id=clinic.patient.id,
            language="en",
            dedupe_key="one",
            facts={"days_before": 1},
            infusion_id=visit.id,
            schedule_version=1,
            due_at=due,
            expires_at=due + timedelta(hours=12),
        )
        return visit.id, message.id


def take(database: Database, now: datetime) -> tuple[Claim, Ready | Settled | None]:
    with database.write() as session:
        claim = claim_next(session, now, "w")
    assert claim is not None
    with database.write() as session:
        return claim, prepare(session, now, "w", claim, BASE)


def alter(database: Database, clinic: SmallClinic, visit: int, change: Change) -> None:
    with database.write() as session:
        change(session, clinic, session.get_one(Infusion, visit))


def archive(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    session.get_one(Patient, clinic.patient.id).archived_at = NOW


def lose_address(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    session.get_one(Patient, clinic.patient.id).email = None


def two_addresses(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    session.get_one(Patient, clinic.patient.id).email = "a@example.org, b@example.org"


def refuse_reminders(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    choose(session, WORKER, NOW, clinic.patient.id, Topic.REMINDERS, False, "patient")


def cancel(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    visit.status = InfusionStatus.CANCELLED


def move(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    visit.schedule_version += 1


def telling_name(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
    session.get_one(Site, clinic.site.id).discreet_name = "Riverside Ketamine"


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        (archive, MessageStatus.SUPPRESSED, "The patient is archived."),
        (lose_address, MessageStatus.SUPPRESSED, "No e-mail address is on file."),
        (refuse_reminders, MessageStatus.SUPPRESSED, "The patient wants no reminders by e-mail."),
        (cancel, MessageStatus.VOID, "The visit is cancelled."),
        (move, MessageStatus.VOID, "The visit was moved."),
        (two_addresses, MessageStatus.DEAD, "The patient's e-mail address is not one mail address."),
        (telling_name, MessageStatus.DEAD, "The clinic's name in messages tells what the clinic treats"),
    ],
)
def test_a_message_that_must_not_go_is_settled_with_its_reason(
    database: Database, clinic: SmallClinic, change: Change, status: MessageStatus, reason: str
) -> None:
    visit, message = write_reminder(database, clinic)
    alter(database, clinic, visit, change)
    _, settled = take(database, wall(clinic, "2026-11-09 09:31"))
    assert isinstance(settled, Settled)
    assert settled.status is status and settled.reason.startswith(reason)
    with database.read() as session:
        found = session.get_one(Message, message)
        assert (found.status, found.reason, found.body) == (status, settled.reason, None)


def test_a_reminder_says_the_visit_as_it_is(database: Database, clinic: SmallClinic) -> None:
    _, message = write_reminder(database, clinic)
    _, ready = take(database, wall(clinic, "2026-11-09 09:31"))
    assert isinstance(ready, Ready)
    assert (ready.sender, ready.recipient) == ("appointments@riverside.example", "marta1@example.org")
    parsed = message_from_bytes(ready.body, policy=policy.SMTP)
    assert parsed["Subject"] == "Reminder: appointment on Tuesday 10 November 2026, 09:30 (EST)"
    assert parsed["From"] == "Riverside Clinic <appointments@riverside.example>"
    with database.read() as session:
        found = session.get_one(Message, message)
        assert (found.body, found.subject) == (ready.body, parsed["Subject"])
        assert parsed["Message-ID"] == found.message_id


def test_a_reminder_that_is_too_late_is_dropped_with_the_reason(
    database: Database, clinic: SmallClinic
) -> None:
    write_reminder(database, clinic)
    _, settled = take(database, wall(clinic, "2026-11-09 21:30"))
    assert settled == Settled(MessageStatus.EXPIRED, "The worker was not running while it was due.")


def test_a_reminder_at_night_waits_for_the_morning_and_counts_no_try(
    database: Database, clinic: SmallClinic
) -> None:
    visit, message = write_reminder(database, clinic)
    with database.write() as session:
        session.get_one(Message, message).expires_at = wall(clinic, VISIT)
        session.get_one(Infusion, visit)
    _, settled = take(database, wall(clinic, "2026-11-09 21:10"))
    assert isinstance(settled, Settled) and settled.status is MessageStatus.QUEUED
    with database.read() as session:
        found = session.get_one(Message, message)
        assert (found.next_attempt_at, found.attempts) == (wall(clinic, "2026-11-10 08:00"), 0)


def test_a_confirmation_written_at_night_waits_for_the_morning_too(
    database: Database, clinic: SmallClinic
) -> None:
    late = wall(clinic, "2026-11-04 23:00")
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, VISIT)])
        confirm(session, course, visits, late)
    settled = take(database, late)[1]
    assert isinstance(settled, Settled) and settled.status is MessageStatus.QUEUED


def body_of(ready: Ready | Settled | None) -> tuple[str, str]:
    assert isinstance(ready, Ready)
    mail = message_from_bytes(ready.body, policy=policy.SMTP)
    part = mail.get_body(("plain",))
    assert part is not None
    return str(mail["Subject"]), part.get_content()


def test_which_visit_it_is_stands_in_the_mail_of_those_who_asked_for_it_and_in_no_subject(
    database: Database, clinic: SmallClinic
) -> None:
    write_reminder(database, clinic)
    now = wall(clinic, "2026-11-09 10:00")
    for asked, told in ((True, True), (False, False)):
        with database.write() as session:
            choose(session, WORKER, NOW, clinic.patient.id, Topic.DETAIL, asked, "patient")
        _, ready = take(database, now)
        subject, body = body_of(ready)
        assert ("appointment 1 of 6" in body) is told
        assert "1 of 6" not in subject
        now += timedelta(hours=1)


def test_the_clinics_own_words_are_those_of_the_protocol_before_those_for_all(
    database: Database, clinic: SmallClinic
) -> None:
    write_reminder(database, clinic)
    with database.write() as session:
        for protocol, words in ((None, "For all"), (clinic.protocol_version.protocol_id, "For {place}")):
            session.add(
                MessageTemplate(
                    protocol_id=protocol,
                    purpose=Purpose.REMINDER,
                    channel=Channel.EMAIL,
                    language="en",
                    subject=words,
                    body=words,
                    updated_at=NOW,
                )
            )
    _, ready = take(database, wall(clinic, "2026-11-09 10:00"))
    subject, body = body_of(ready)
    assert subject == "For Riverside Clinic"
    assert "Tuesday" in body and "+1 212" in body, "date and phone stand below"


def test_a_retry_sends_the_same_bytes(database: Database, clinic: SmallClinic) -> None:
    write_reminder(database, clinic)
    _, first = take(database, wall(clinic, "2026-11-09 09:31"))
    with database.write() as session:
        session.get_one(Site, clinic.site.id).phone = "+12125550999"
    _, second = take(database, wall(clinic, "2026-11-09 10:31"))
    assert isinstance(first, Ready) and first == second


def test_a_corrected_address_is_written_to_at_the_next_try(database: Database, clinic: SmallClinic) -> None:
    visit, _ = write_reminder(database, clinic)
    take(database, wall(clinic, "2026-11-09 09:31"))

    def correct(session: Session, clinic: SmallClinic, visit: Infusion) -> None:
        session.get_one(Patient, clinic.patient.id).email = "new@example.org"

    alter(database, clinic, visit, correct)
    _, second = take(database, wall(clinic, "2026-11-09 10:31"))
    assert isinstance(second, Ready)
    assert second.recipient == "new@example.org"
    assert b"To: new@example.org" in second.body


def test_a_confirmation_lists_the_visits_as_they_are_when_it_goes(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        starts = [wall(clinic, f"2026-11-{day} 09:30") for day in (10, 12, 16)]
        course, visits = make_course(session, clinic, starts)
        confirm(session, course, visits)
        visits[0].status = InfusionStatus.CANCELLED
        visits[1].starts_at += timedelta(hours=1)
        visits[1].schedule_version = 2
    _, ready = take(database, NOW)
    assert isinstance(ready, Ready)
    text = ready.body.decode()
    assert "10 November" not in text
    assert "Thursday 12 November 2026, 10:30 (EST)" in text
    assert "2. Monday 16 November 2026, 09:30 (EST)" in text


def test_a_confirmation_of_visits_that_are_all_gone_is_withdrawn(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        course, visits = make_course(session, clinic, [wall(clinic, VISIT)])
        confirm(session, course, visits)
        visits[0].status = InfusionStatus.CANCELLED
    _, settled = take(database, NOW)
    assert settled == Settled(MessageStatus.VOID, "None of these visits is still to come.")


def test_whoever_lost_the_claim_prepares_nothing(database: Database, clinic: SmallClinic) -> None:
    write_reminder(database, clinic)
    now = wall(clinic, "2026-11-09 09:31")
    claim, _ = take(database, now)
    take(database, now + timedelta(minutes=5))
    with database.write() as session:
        assert prepare(session, now, "w", claim, BASE) is None

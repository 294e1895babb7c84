"""Whom to send the link to their own pages: by hand, and by itself once a course has been booked.

What goes by itself is derived, as reminders are. A little while passes first, so that a booking undone at
once sends nothing and the summary of the dates goes ahead. A text comes a day later than a mail would: the
booking itself was told by one, and one a day is the most (CLINICAL.md, section 6).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.enqueue import enqueue
from scheduler.features.outbox.contact.queries import ways_of
from scheduler.features.outbox.links import PAGES_FOR
from scheduler.models import Channel, Course, CourseStatus, Message, MessageStatus, Patient, Purpose

SETTLES = timedelta(minutes=10)
WAITS = {Channel.EMAIL: SETTLES, Channel.SMS: SETTLES + timedelta(days=1)}
"""How long after a booking the link goes out, by the way that is open."""
CAUGHT_UP = timedelta(days=1)
"""What came due longer ago is not caught up with."""
FRESH = timedelta(days=3)
"""How long a message may wait to be sent: its link is made when it goes."""


@dataclass(frozen=True)
class Sending:
    """One link to be sent after a booking."""

    patient_id: int
    course_id: int
    language: str
    channel: Channel


def due_sendings(session: Session, now: datetime) -> list[Sending]:
    """The links that are to be sent now: of patients who were sent none for as long as a link is good."""
    known = exists().where(
        Message.patient_id == Patient.id,
        Message.purpose == Purpose.PAGES,
        Message.created_at > now - PAGES_FOR,
    )
    rows = session.execute(
        select(Course.id, Course.booked_at, Patient.id, Patient.language, Patient.email, Patient.phone)
        .join(Patient, Patient.id == Course.patient_id)
        .where(
            Course.status == CourseStatus.ACTIVE,
            Course.booked_at <= now - SETTLES,
            Course.booked_at > now - max(WAITS.values()) - CAUGHT_UP,
            Patient.archived_at.is_(None),
            ~known,
        )
        .order_by(Course.id)
    ).all()
    open_ways = ways_of(session, {row[2]: (row.email, row.phone) for row in rows})
    found: dict[int, Sending] = {}
    for course_id, booked_at, patient_id, language, _, _ in rows:
        channel = next((way.channel for way in open_ways[patient_id] if way.is_open), None)
        if channel and WAITS[channel] <= now - booked_at < WAITS[channel] + CAUGHT_UP:
            found.setdefault(patient_id, Sending(patient_id, course_id, language, channel))
    return list(found.values())


def write_sendings(session: Session, at: datetime, sendings: Iterable[Sending]) -> None:
    """Enqueue one message for each; one that was written meanwhile stands."""
    for one in sendings:
        _write(session, at, one.patient_id, one.language, one.channel, f"course:{one.course_id}")


def send_pages(session: Session, actor: Actor, at: datetime, patient_id: int) -> Message:
    """Send a patient the link by hand; one that waits to be sent is enough.

    Raises NotFoundError, and RuleError where nothing can be sent.
    """
    patient = session.get(Patient, patient_id, with_for_update=True)
    if patient is None:
        raise NotFoundError("There is no such patient.")
    if patient.archived_at is not None:
        raise RuleError("The patient is archived. Take the record back from the archive first.")
    ways = ways_of(session, {patient.id: (patient.email, patient.phone)})[patient.id]
    way = next((way for way in ways if way.is_open), None)
    if way is None:
        raise RuleError("No way to the patient is open: neither mail nor text. Look at what they allow.")
    waiting = session.scalars(
        select(Message)
        .where(
            Message.patient_id == patient_id,
            Message.purpose == Purpose.PAGES,
            Message.channel == way.channel,
            Message.status == MessageStatus.QUEUED,
        )
        .order_by(Message.id)
        .limit(1)
    ).one_or_none()
    if waiting is not None:
        return waiting
    message = _write(session, at, patient_id, patient.language, way.channel, f"by-hand:{at.isoformat()}")
    record(session, actor, at, "pages.sent", "patient", patient_id, patient_id, channel=way.channel.value)
    return message


def _write(
    session: Session, at: datetime, patient_id: int, language: str, channel: Channel, why: str
) -> Message:
    return enqueue(
        session,
        at,
        purpose=Purpose.PAGES,
        patient_id=patient_id,
        language=language,
        dedupe_key=f"pages:patient:{patient_id}:{why}",
        facts={},
        expires_at=at + FRESH,
        channel=channel,
    )

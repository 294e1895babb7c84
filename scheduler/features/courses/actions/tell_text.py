"""The same news by text, for a patient who takes texts.

A new time and a cancellation are urgent, so they go both ways. The confirmation of a course is not: it goes
by text only to who has no mail, because texts are counted (CLINICAL.md, section 6). What counts is what the
texts said last: a mail may still wait while a text has gone out, and then going back to the old time is news
by text and none by mail.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.contact.queries import channels_open
from scheduler.models import Channel, Infusion, Message, MessageStatus, Patient, Purpose

LEFT = (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN)


def takes_texts_only(session: Session, patient: Patient) -> bool:
    """Whether texts are the one way that is open."""
    return channels_open(session, patient) == (Channel.SMS,)


def text_moved(
    session: Session, at: datetime, row: Infusion, known: datetime | None, *, mailed: bool
) -> bool:
    """Tell the new time by text. `known` is what the mails told before, `mailed` whether one tells this."""
    last = _last_told(session, row)
    if last == row.starts_at or (last is None and not mailed):
        return False
    return _write(session, at, row, Purpose.VISIT_MOVED, last or known)


def text_cancelled(
    session: Session, at: datetime, row: Infusion, known: datetime | None, *, mailed: bool
) -> bool:
    """Tell by text that a visit is off, at the time that the patient knows."""
    told = _last_told(session, row) or (known if mailed else None)
    if told is None or told <= at:
        return False
    return _write(session, at, row, Purpose.VISIT_CANCELLED, told)


def cancellation_left(session: Session, infusion_id: int) -> bool:
    """Whether a text has said that the visit is off."""
    found = select(Message.id).where(
        Message.infusion_id == infusion_id,
        Message.channel == Channel.SMS,
        Message.purpose == Purpose.VISIT_CANCELLED,
        Message.status.in_(LEFT),
    )
    return session.scalar(found.limit(1)) is not None


def _last_told(session: Session, row: Infusion) -> datetime | None:
    """The start that the last text about the visit told; None where none went out."""
    facts = session.scalars(
        select(Message.facts)
        .where(
            Message.infusion_id == row.id,
            Message.channel == Channel.SMS,
            Message.purpose.in_((Purpose.REMINDER, Purpose.VISIT_MOVED)),
            Message.status.in_(LEFT),
            Message.rendered_at.is_not(None),
        )
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    told = facts.get("told") if facts else None
    return datetime.fromisoformat(told) if told else None


def _write(session: Session, at: datetime, row: Infusion, purpose: Purpose, known: datetime | None) -> bool:
    patient = session.get_one(Patient, row.patient_id)
    if Channel.SMS not in channels_open(session, patient):
        return False
    enqueue(
        session,
        at,
        purpose=purpose,
        patient_id=patient.id,
        language=patient.language,
        dedupe_key=f"{purpose.value}:infusion:{row.id}:v{row.schedule_version}:sms",
        facts={
            "was": known.isoformat() if known else None,
            "starts_at": row.starts_at.isoformat(),
            "schedule_version": row.schedule_version,
        },
        infusion_id=row.id,
        schedule_version=row.schedule_version,
        channel=Channel.SMS,
    )
    return True

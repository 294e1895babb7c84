"""Tell a patient about dates that changed: one message for each visit, and none that says nothing new.

What the patient knows counts, not what the rows went through: a confirmation that has not gone yet will tell
the dates as they are when it goes, and a visit that was moved twice before the first update left is told
once, from the time the patient knows to the last one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.features.courses.actions.tell_text import text_cancelled, text_moved
from scheduler.features.outbox.actions import enqueue, void_pending
from scheduler.features.outbox.actions.invite import invite
from scheduler.features.outbox.queries.invited import held_by
from scheduler.models import Infusion, Message, MessageStatus, Patient, Purpose

MOVED = "The visit was moved."
CANCELLED = "The visit was cancelled."


def tell_moved(session: Session, at: datetime, rows: Sequence[Infusion], were: Mapping[int, datetime]) -> int:
    """Write an update for each of `rows` whose time the patient knows otherwise; gives their number.

    `were` holds the starts before the change by visit id; a visit that is not in it is new.
    """
    count = 0
    for row in rows:
        if row.id in were and were[row.id] == row.starts_at:
            _carry_over(session, row)
            continue
        silent, known = _withdrawn(session, at, row, MOVED, were.get(row.id))
        if silent or known == row.starts_at:
            # The confirmation will tell the new date, or the patient knows it; no calendar may hold it yet.
            if not held_by(session, [row.id]):
                invite(session, at, session.get_one(Patient, row.patient_id), [row])
            text_moved(session, at, row, known, mailed=False)
            continue
        _write(session, at, row, Purpose.VISIT_MOVED, known)
        text_moved(session, at, row, known, mailed=True)
        count += 1
    return count


def tell_cancelled(session: Session, at: datetime, rows: Sequence[Infusion]) -> int:
    """Write that a visit is off, for each of `rows` that the patient knows of and that is still to come."""
    count = 0
    for row in rows:
        silent, known = _withdrawn(session, at, row, CANCELLED, row.starts_at)
        if silent or known is None or known <= at:
            text_cancelled(session, at, row, known, mailed=False)
            continue
        _write(session, at, row, Purpose.VISIT_CANCELLED, known)
        text_cancelled(session, at, row, known, mailed=True)
        count += 1
    return count


def _withdrawn(
    session: Session, at: datetime, row: Infusion, reason: str, start: datetime | None
) -> tuple[bool, datetime | None]:
    """Withdraw what waits about the visit. Gives whether a waiting confirmation will tell it, and the start
    that the patient knows (None: of none)."""
    waiting = session.scalars(
        select(Message)
        .where(
            Message.infusion_id == row.id,
            Message.purpose == Purpose.VISIT_MOVED,
            Message.status == MessageStatus.QUEUED,
        )
        .order_by(Message.id)
    ).all()
    known = start
    if waiting:
        was = waiting[0].facts.get("was")
        known = datetime.fromisoformat(was) if was else None
    void_pending(session, at, [row.id], reason)
    confirmations = session.scalars(
        select(Message.facts)
        .where(
            Message.course_id == row.course_id,
            Message.purpose == Purpose.BOOKING_CONFIRMATION,
            Message.status == MessageStatus.QUEUED,
        )
        .order_by(Message.id)
    ).all()
    told = any(visit["infusion_id"] == row.id for facts in confirmations for visit in facts["visits"])
    return told, known


def _carry_over(session: Session, row: Infusion) -> None:
    """Another chair alone: what waits still holds, under the new version."""
    waiting = session.scalars(
        select(Message)
        .where(
            Message.infusion_id == row.id,
            Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
        )
        .order_by(Message.id)
    ).all()
    for message in waiting:
        old, new = f":v{message.schedule_version}:", f":v{row.schedule_version}:"
        session.execute(
            update(Message)
            .where(Message.id == message.id)
            .values(schedule_version=row.schedule_version, dedupe_key=message.dedupe_key.replace(old, new))
        )


def _write(session: Session, at: datetime, row: Infusion, purpose: Purpose, known: datetime | None) -> None:
    facts: dict[str, Any] = {
        "was": known.isoformat() if known else None,
        "starts_at": row.starts_at.isoformat(),
        "schedule_version": row.schedule_version,
    }
    enqueue(
        session,
        at,
        purpose=purpose,
        patient_id=row.patient_id,
        language=session.get_one(Patient, row.patient_id).language,
        dedupe_key=f"{purpose.value}:infusion:{row.id}:v{row.schedule_version}:email",
        facts=facts,
        infusion_id=row.id,
        schedule_version=row.schedule_version,
    )

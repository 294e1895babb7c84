"""Withdraw what was written about a visit that has changed, in the transaction of the change."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.models import Message, MessageStatus, Purpose


def void_pending(session: Session, at: datetime, infusion_ids: Collection[int], reason: str) -> int:
    """Withdraw the waiting messages of these visits and give their number; `reason` is read by staff.

    What takes a visit out of a former address's calendar stays: it is true whatever becomes of the visit.
    A message that is being sent at this moment is left alone: it was looked at against the visit
    just before, and should the try fail, it is looked at again before the next one.
    """
    if not infusion_ids:
        return 0
    rows = session.execute(
        update(Message)
        .where(
            Message.infusion_id.in_(infusion_ids),
            Message.status == MessageStatus.QUEUED,
            Message.purpose != Purpose.INVITATION_WITHDRAWN,
        )
        .values(status=MessageStatus.VOID, reason=reason, next_attempt_at=at)
        .returning(Message.id)
    )
    return len(rows.all())


def void_documents(session: Session, at: datetime, patient_id: int, reason: str) -> None:
    """Withdraw what waits to bring a patient the link to documents: there is nothing left to sign."""
    session.execute(
        update(Message)
        .where(
            Message.patient_id == patient_id,
            Message.purpose == Purpose.CONSENTS,
            Message.status == MessageStatus.QUEUED,
        )
        .values(status=MessageStatus.VOID, reason=reason, next_attempt_at=at)
        .execution_options(synchronize_session=False)
    )

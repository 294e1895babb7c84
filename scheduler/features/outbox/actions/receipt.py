"""Write down what the gateway reports of a text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.outbox.receipts import FINAL, ORDER, is_further, stand_by_receipt
from scheduler.models import Channel, Message, MessageAttempt


@dataclass(frozen=True)
class Receipt:
    """One report: the gateway's number, ours (None where it does not say), how far it is, which error."""

    provider_id: str
    message_id: int | None
    status: str
    error: str


def take_receipt(session: Session, actor: Actor, at: datetime, receipt: Receipt) -> bool:
    """Let a text stand where the gateway says it does; False where that is no news.

    The answer to our call may be lost while the receipts come: so they name our own message too, and a text
    that nobody knew anything of is settled by them.
    """
    row = _row(session, receipt)
    if row is None or not is_further(row.receipt, receipt.status):
        return False
    row.provider_id = receipt.provider_id
    row.receipt = f"{receipt.status} {receipt.error}".strip()
    row.receipt_at = at
    stand_by_receipt(row)
    record(session, actor, at, "message.receipt", "message", row.id, row.patient_id, receipt=receipt.status)
    if ORDER[receipt.status] == FINAL:
        session.add(
            MessageAttempt(
                message_id=row.id,
                at=at,
                fence=row.fence,
                worker="",
                outcome="receipt",
                detail=f"The network says: {row.receipt}.",
            )
        )
    session.flush()
    return True


def _row(session: Session, receipt: Receipt) -> Message | None:
    """The text by the gateway's number, or by ours if no other number is known of it."""
    texts = select(Message).where(Message.channel == Channel.SMS).with_for_update()
    found = session.scalars(texts.where(Message.provider_id == receipt.provider_id)).first()
    if found is not None or receipt.message_id is None:
        return found
    return session.scalars(
        texts.where(
            Message.id == receipt.message_id,
            Message.provider_id.is_(None),
            Message.rendered_at.is_not(None),
        )
    ).first()

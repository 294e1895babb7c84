"""Settle a message that was not delivered without sending it: somebody has told the patient another way."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import Message, MessageStatus

LONGEST_OUTCOME = 200
STUCK = frozenset({MessageStatus.DEAD, MessageStatus.UNKNOWN})


def let_be(session: Session, actor: Actor, at: datetime, message_id: int, outcome: str) -> Message:
    """Write how it was settled; the message needs nobody any more and keeps what the server had said of it.

    Raises NotFoundError, RuleError without an outcome, ConflictError where it is not stuck (any more).
    """
    message = session.scalars(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()
    if message is None:
        raise NotFoundError("There is no such message.")
    if message.status not in STUCK:
        raise ConflictError("This message needs nobody any more. Look at its state now.")
    words = " ".join(outcome.split())
    if not words or len(words) > LONGEST_OUTCOME:
        raise RuleError(f"Say in a few words (at most {LONGEST_OUTCOME} characters) how it was settled.")
    message.status = MessageStatus.VOID
    message.reason = (
        f"Settled by {actor.label}: {words} Before that: {message.reason or 'no reason was given'}"
    )
    record(session, actor, at, "message.settled", "message", message.id, message.patient_id)
    session.flush()
    return message

"""Send a message again by hand: one that was not delivered, came too late, or may have arrived."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.resendable import RESENDABLE
from scheduler.models import Consultation, Infusion, Message, MessageStatus


def resend(session: Session, actor: Actor, at: datetime, message_id: int) -> Message:
    """Put the message back into the queue, to be written anew from what is true now.

    It keeps its Message-ID, so that a mailbox that has it already can tell. Raises ConflictError where
    it is already under way or sent, RuleError where its visit has begun.
    """
    message = session.scalars(select(Message).where(Message.id == message_id).with_for_update()).one_or_none()
    if message is None:
        raise NotFoundError("There is no such message.")
    if message.status not in RESENDABLE:
        raise ConflictError("This message is not one that waits to be sent again. Look at its state now.")
    was = message.status.value
    message.expires_at = _new_end(session, message, at)
    message.status = MessageStatus.QUEUED
    message.reason = None
    message.attempts = 0
    message.next_attempt_at = at
    message.body = None
    session.flush()
    record(session, actor, at, "message.resent", "message", message.id, message.patient_id, was=was)
    return message


def resend_many(session: Session, actor: Actor, at: datetime, message_ids: Iterable[int]) -> int:
    """Send all of these again that may be; the others stay as they are. Gives how many are queued again."""
    again = 0
    for message_id in sorted(set(message_ids)):
        try:
            resend(session, actor, at, message_id)
        except (ConflictError, NotFoundError, RuleError):
            continue  # Sent meanwhile, or its visit has begun: the next one is no worse for it.
        again += 1
    return again


def _new_end(session: Session, message: Message, at: datetime) -> datetime | None:
    if message.infusion_id is None and message.consultation_id is None:
        return None
    if message.infusion_id is not None:
        starts_at = session.get_one(Infusion, message.infusion_id).starts_at
    else:
        starts_at = session.get_one(Consultation, message.consultation_id).starts_at
    if starts_at <= at:
        raise RuleError("The appointment has begun, so there is nothing left to remind of.")
    return starts_at

"""The switch that stops all sending: who turned it, when, and why.

While it is on nothing is claimed. What is due waits, and what is of no use any more by the time it is turned
off is dropped with the reason, as after any pause of the worker.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.queries.sending import paused
from scheduler.models import SendingPause

LONGEST_REASON = 200


def pause(session: Session, actor: Actor, at: datetime, reason: str) -> SendingPause:
    """Stop all sending. Raises RuleError without a reason, ConflictError where it is stopped already."""
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise RuleError(f"Say in at most {LONGEST_REASON} characters why nothing may go out.")
    if paused(session) is not None:
        raise ConflictError("Sending is paused already.")
    row = SendingPause(paused_at=at, paused_by_id=actor.user_id, reason=words)
    session.add(row)
    record(session, actor, at, "sending.paused", "sending")
    session.flush()
    return row


def resume(session: Session, actor: Actor, at: datetime) -> SendingPause:
    """Let messages go out again. Raises ConflictError where they do."""
    row = paused(session)
    if row is None:
        raise ConflictError("Sending goes on already.")
    row.resumed_at, row.resumed_by_id = at, actor.user_id
    record(session, actor, at, "sending.resumed", "sending")
    session.flush()
    return row

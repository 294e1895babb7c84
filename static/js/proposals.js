"""Write down what came of a claimed message. Only the holder of its fence can."""

import random
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.claim import Claim
from scheduler.features.outbox.retries import MAX_ATTEMPTS, next_try
from scheduler.models import Message, MessageAttempt, MessageStatus


class Outcome(StrEnum):
    """What a try can end in; the first three are those of the channels."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class Handover:
    """What the channel said: the outcome, a sentence for staff, and how long the server asks to wait."""

    outcome: Outcome
    detail: str
    retry_after_s: int | None = None


def record_result(
    session: Session, at: datetime, worker: str, claim: Claim, handover: Handover, chance: random.Random
) -> bool:
    """Record a try; False, and nothing is changed, where another worker has taken the message since."""
    return close(session, at, worker, claim, handover, _after(at, claim, handover, chance))


def close(
    session: Session, at: datetime, worker: str, claim: Claim, handover: Handover, values: dict[str, Any]
) -> bool:
    """End the claim with these column values, and add the try to the history."""
    row = session.execute(
        update(Message)
        .where(
            Message.id == claim.message_id,
            Message.fence == claim.fence,
            Message.status == MessageStatus.SENDING,
        )
        .values(lease_until=None, lease_by=None, **values)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return False
    session.add(
        MessageAttempt(
            message_id=claim.message_id,
            at=at,
            fence=claim.fence,
            worker=worker,
            outcome=handover.outcome.value,
            detail=handover.detail,
        )
    )
    return True


def _after(at: datetime, claim: Claim, handover: Handover, chance: random.Random) -> dict[str, Any]:
    if handover.outcome is Outcome.SENT:
        return {"status": MessageStatus.SENT, "sent_at": at, "reason": None}
    if handover.outcome is Outcome.TEMPORARY:
        again = next_try(at, claim.attempts, handover.retry_after_s, chance)
        if again is not None:
            return {"status": MessageStatus.QUEUED, "next_attempt_at": again, "reason": handover.detail}
        reason = f"Given up after {MAX_ATTEMPTS} tries. The last one: {handover.detail}"
        return {"status": MessageStatus.DEAD, "reason": reason}
    return {"status": MessageStatus.DEAD, "reason": handover.detail}

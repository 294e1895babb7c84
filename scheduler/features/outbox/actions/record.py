"""Write down what came of a claimed message. Only the holder of its fence can."""

import random
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.claim import Claim
from scheduler.features.outbox.contact.bounced import stop_mail
from scheduler.features.outbox.receipts import stand_by_receipt
from scheduler.features.outbox.retries import FIRST_LOOK, MAX_ATTEMPTS, next_try
from scheduler.models import Channel, Message, MessageAttempt, MessageStatus

_MESSAGES = cast(Table, Message.__table__)
_END = (
    update(_MESSAGES)
    .where(
        _MESSAGES.c.id == bindparam("_id"),
        _MESSAGES.c.fence == bindparam("_fence"),
        _MESSAGES.c.status == MessageStatus.SENDING,
    )
    .values(lease_until=None, lease_by=None)
    .returning(_MESSAGES.c.id)
)
_ATTEMPTS = cast(Table, MessageAttempt.__table__)
_TRIED = {
    name: bindparam(f"_{name}", type_=_ATTEMPTS.c[name].type)
    for name in ("fence", "at", "worker", "outcome", "detail")
}
_NOTE = insert(_ATTEMPTS).values(message_id=bindparam("_id"), **_TRIED)


class Outcome(StrEnum):
    """What a try can end in; all but the last are those of the channels."""

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class Handover:
    """What the channel said: the outcome, a sentence for staff, how long the server asks to wait, the
    number that a gateway gave a text, and whether it was the address that was refused."""

    outcome: Outcome
    detail: str
    retry_after_s: int | None = None
    provider_id: str | None = None
    no_such_address: bool = False


def record_result(
    session: Session, at: datetime, worker: str, claim: Claim, handover: Handover, chance: random.Random
) -> bool:
    """Record a try; False, and nothing is changed, where another worker has taken the message since."""
    recorded = close(session, at, worker, claim, handover, _after(at, claim, handover, chance))
    if recorded and claim.channel is Channel.SMS:
        # A receipt may have been faster than the answer to the call.
        stand_by_receipt(session.get_one(Message, claim.message_id, populate_existing=True))
    if recorded and handover.no_such_address and claim.channel is Channel.EMAIL:
        stop_mail(session, at, session.get_one(Message, claim.message_id), handover.detail)
    return recorded


def close(
    session: Session, at: datetime, worker: str, claim: Claim, handover: Handover, values: dict[str, Any]
) -> bool:
    """End the claim with these column values, and add the try to the history."""
    connection = session.connection()
    held = {"_id": claim.message_id, "_fence": claim.fence}
    tried = {"_at": at, "_worker": worker, "_outcome": handover.outcome.value, "_detail": handover.detail}
    if connection.dialect.name != "sqlite":
        done = connection.execute(_both(frozenset(values)), {**values, **held, **tried})
        return done.one_or_none() is not None
    if connection.execute(_END, {**values, **held}).one_or_none() is None:
        return False
    connection.execute(_NOTE, {**held, **tried})
    return True


@cache
def _both(columns: frozenset[str]) -> Any:
    """The two as one, for a server that each statement has to travel to; SQLite knows no such form."""
    ended = _END.values({name: bindparam(name) for name in columns}).cte("ended")
    tried = insert(_ATTEMPTS).from_select(["message_id", *_TRIED], select(ended.c.id, *_TRIED.values()))
    return tried.returning(_ATTEMPTS.c.id)


def _after(at: datetime, claim: Claim, handover: Handover, chance: random.Random) -> dict[str, Any]:
    if handover.outcome is Outcome.SENT:
        found = {"status": MessageStatus.SENT, "sent_at": at, "reason": None}
        return {**found, "provider_id": handover.provider_id} if handover.provider_id else found
    if handover.outcome is Outcome.UNKNOWN:
        return {
            "status": MessageStatus.UNKNOWN,
            "reason": handover.detail,
            "next_attempt_at": at + FIRST_LOOK,
        }
    if handover.outcome is Outcome.TEMPORARY:
        again = next_try(at, claim.attempts, handover.retry_after_s, chance)
        if again is not None:
            return {"status": MessageStatus.QUEUED, "next_attempt_at": again, "reason": handover.detail}
        reason = f"Given up after {MAX_ATTEMPTS} tries. The last one: {handover.detail}"
        return {"status": MessageStatus.DEAD, "reason": reason}
    return {"status": MessageStatus.DEAD, "reason": handover.detail}

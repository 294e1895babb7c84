"""Send what is due: claim, look again, send, record.

No transaction is open while a message is on its way, so a slow mail server holds no lock. Between two
messages there is one: it records what came of the last one, takes the next and looks at it again. Three would
be three times the waiting for the disk, and no safer, for nothing goes out before its claim is committed.
Whatever breaks for one message is recorded with that message, and the next one is taken.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.features.outbox.actions import (
    Claim,
    Ready,
    Settled,
    claim_next,
    hold_lapsed_texts,
    prepare,
    record_result,
)
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.reminders.texts.carrier import stopped_by_carrier
from scheduler.models import Channel
from scheduler.worker.transports import Transport

log = structlog.get_logger()

LONGEST_ROUND = timedelta(seconds=60)
"""After this a round ends, so that reminders are derived and the pulse is seen even on a busy day."""

BROKEN = "Something broke while the message was being written. It is tried again."


@dataclass
class Post:
    """One worker's means: its database, its door, its name, its clock, the chance in its waits.

    `base_url` is the application's own address, which links in messages begin with.
    """

    database: Database
    transport: Transport
    worker: str
    now: Callable[[], datetime]
    base_url: str = field(kw_only=True)
    chance: random.Random = field(default_factory=random.Random)


@dataclass(frozen=True)
class Tried:
    """A message that was handed over, with what came of it: to be recorded next."""

    claim: Claim
    handover: Handover


def deliver_due(post: Post, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Send all that is due, for a minute at most; give how many messages were dealt with.

    A server that can't be reached at all ends the round for its channel: the message that found out waits
    its turn, and the others keep theirs without a try being counted against them.
    """
    end = post.now() + LONGEST_ROUND
    with post.database.write() as session:
        hold_lapsed_texts(session, post.now())
    count = 0
    reached = set(Channel)
    tried: Tried | None = None
    while reached and not is_stopping() and post.now() < end:
        claim, ready = _next(post, reached, tried)
        tried = None
        if claim is None:
            break
        count += 1
        if isinstance(ready, Ready):
            tried, is_down = _send(post, claim, ready)
            reached -= {claim.channel} if is_down else set()
    if tried is not None:
        _record(post, tried)
    return count


def _send(post: Post, claim: Claim, ready: Ready) -> tuple[Tried, bool]:
    """Hand one message over; and whether its server can't be reached at all."""
    result = post.transport.send(ready)
    outcome = Outcome(result.outcome.value)
    handover = Handover(
        outcome, result.detail, result.retry_after_s, result.provider_id, result.no_such_address
    )
    return Tried(claim, handover), result.server_down


def _next(
    post: Post, reached: set[Channel], tried: Tried | None
) -> tuple[Claim | None, Ready | Settled | None]:
    """Record what came of the last message and make the next one ready, in one transaction.

    Where that breaks, each step is done for itself: so a message that can't be written costs no other one
    its record, and has its own.
    """
    try:
        recorded, claim, ready = post.database.attempt(lambda session: _in_one(session, post, reached, tried))
    except Exception:
        log.exception("messages_one_by_one")
        return _one_by_one(post, reached, tried)
    if tried is not None:
        _say(tried, recorded)
    return claim, ready


def _in_one(
    session: Session, post: Post, reached: set[Channel], tried: Tried | None
) -> tuple[bool, Claim | None, Ready | Settled | None]:
    recorded = tried is not None and _note(session, post, tried)
    claim = claim_next(session, post.now(), post.worker, channels=reached)
    return recorded, claim, None if claim is None else _prepared(session, post, claim)


def _one_by_one(
    post: Post, reached: set[Channel], tried: Tried | None
) -> tuple[Claim | None, Ready | Settled | None]:
    if tried is not None:
        _record(post, tried)
    claim = post.database.attempt(
        lambda session: claim_next(session, post.now(), post.worker, channels=reached)
    )
    if claim is None:
        return None, None
    try:
        return claim, post.database.attempt(lambda session: _prepared(session, post, claim))
    except Exception:
        log.exception("message_not_written", message=claim.message_id)
        _record(post, Tried(claim, Handover(Outcome.TEMPORARY, BROKEN)))
        return claim, None


def _prepared(session: Session, post: Post, claim: Claim) -> Ready | Settled | None:
    return prepare(session, post.now(), post.worker, claim, post.base_url)


def _note(session: Session, post: Post, tried: Tried) -> bool:
    at, claim, handover = post.now(), tried.claim, tried.handover
    recorded = record_result(session, at, post.worker, claim, handover, post.chance)
    if recorded and handover.no_such_address and claim.channel is Channel.SMS:
        stopped_by_carrier(session, WORKER, at, claim.message_id, handover.detail)
    return recorded


def _record(post: Post, tried: Tried) -> None:
    _say(tried, post.database.attempt(lambda session: _note(session, post, tried)))


def _say(tried: Tried, recorded: bool) -> None:
    if recorded:
        log.info("message_tried", message=tried.claim.message_id, outcome=tried.handover.outcome.value)
    else:
        # Another worker has taken it since: this one was frozen past its lease. What it did is not undone,
        # and what the other one records stands.
        log.warning("message_result_too_late", message=tried.claim.message_id, fence=tried.claim.fence)

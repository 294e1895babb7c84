"""Send what is due: claim, look again, send, record; each step a short transaction of its own.

No transaction is open while a message is on its way, so a slow mail server holds no lock. Whatever
breaks for one message is recorded with that message, and the next one is taken.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from scheduler.db import Database
from scheduler.features.outbox.actions import (
    Claim,
    Ready,
    claim_next,
    hold_lapsed_texts,
    prepare,
    record_result,
)
from scheduler.features.outbox.actions.record import Handover, Outcome
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
    while reached and not is_stopping() and post.now() < end:
        claim = post.database.attempt(
            lambda session: claim_next(session, post.now(), post.worker, channels=reached)
        )
        if claim is None:
            break
        count += 1
        if not _deliver(post, claim):
            reached.discard(claim.channel)
    return count


def _deliver(post: Post, claim: Claim) -> bool:
    """Deal with one message; False where its server can't be reached at all."""
    try:
        ready = post.database.attempt(
            lambda session: prepare(session, post.now(), post.worker, claim, post.base_url)
        )
    except Exception:
        log.exception("message_not_written", message=claim.message_id)
        _record(post, claim, Handover(Outcome.TEMPORARY, BROKEN))
        return True
    if not isinstance(ready, Ready):
        return True
    result = post.transport.send(ready)
    outcome = Outcome(result.outcome.value)
    _record(post, claim, Handover(outcome, result.detail, result.retry_after_s, result.provider_id))
    return not result.server_down


def _record(post: Post, claim: Claim, handover: Handover) -> None:
    recorded = post.database.attempt(
        lambda session: record_result(session, post.now(), post.worker, claim, handover, post.chance)
    )
    if recorded:
        log.info("message_tried", message=claim.message_id, outcome=handover.outcome.value)
    else:
        # Another worker has taken it since: this one was frozen past its lease. What it did is not undone,
        # and what the other one records stands.
        log.warning("message_result_too_late", message=claim.message_id, fence=claim.fence)

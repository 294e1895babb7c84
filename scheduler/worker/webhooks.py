"""Tell other programs what happened: claim, send, record, beside the tick, so that no mail waits for it.

An endpoint that fails is left alone for the rest of the round: a receiver that lets every request run into
its time limit holds up the others once, not once for each event.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from scheduler.channels.result import Result
from scheduler.channels.webhook import Call
from scheduler.db import Database
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.outbox.actions.webhook_claim import Parcel, claim_parcel
from scheduler.features.outbox.actions.webhook_record import record_parcel

log = structlog.get_logger()

LONGEST_ROUND = timedelta(seconds=60)


class Door(Protocol):
    """What events leave by."""

    def send(self, call: Call) -> Result:
        """Tell one receiver; never raises for what the network or the receiver does."""


@dataclass
class Teller:
    """One worker's means: its database, its door, its name, its clock, and the chance in its waits."""

    database: Database
    door: Door
    worker: str
    now: Callable[[], datetime]
    chance: random.Random = field(default_factory=random.Random)


def look(teller: Teller, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Deliver what is due. Never raises: it must look again."""
    try:
        tell_due(teller, is_stopping)
    except Exception:
        log.exception("webhooks_broke")


def tell_due(teller: Teller, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Deliver all that is due, for a minute at most; give the number of tries."""
    end = teller.now() + LONGEST_ROUND
    failed: set[int] = set()
    count = 0
    while not is_stopping() and teller.now() < end:
        parcel = teller.database.attempt(
            lambda session: claim_parcel(session, teller.now(), teller.worker, failed)
        )
        if parcel is None:
            break
        count += 1
        if not _tell(teller, parcel):
            failed.add(parcel.endpoint_id)
    return count


def _tell(teller: Teller, parcel: Parcel) -> bool:
    """Try one event; whether the receiver took it."""
    sent_at = int(teller.now().timestamp())
    result = teller.door.send(Call(parcel.url, parcel.secret, parcel.event_id, parcel.body, sent_at))
    handover = Handover(Outcome(result.outcome.value), result.detail, result.retry_after_s)
    recorded = teller.database.attempt(
        lambda session: record_parcel(session, teller.now(), parcel, handover, teller.chance)
    )
    if recorded:
        log.info("webhook_tried", delivery=parcel.delivery_id, outcome=handover.outcome.value)
    else:
        # Another worker has taken it since: this one was frozen past its lease. Its word stands.
        log.warning("webhook_result_too_late", delivery=parcel.delivery_id, fence=parcel.fence)
    return handover.outcome is Outcome.SENT

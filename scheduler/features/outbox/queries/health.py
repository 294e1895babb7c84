"""Whether worker and outbox are well: what `/healthz` says, in one word each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.order import is_behind
from scheduler.models import Message, MessageStatus, SendingPause, WorkerTick

LATE = timedelta(minutes=15)
OPEN = (MessageStatus.QUEUED, MessageStatus.SENDING)
FINE = {"ok", "paused"}
"""A pause is what somebody wanted: a load balancer that took the machine away would take the switch away."""


@dataclass(frozen=True)
class Health:
    """`worker` and `outbox` say "ok" or what is wrong ("paused": a person stopped all sending).

    `tick_age_s` is how long ago any worker last looked, in seconds; None where none ever did.
    """

    worker: str
    outbox: str
    tick_age_s: int | None

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return self.worker == "ok" and self.outbox in FINE


def health(session: Session, now: datetime, tick_s: int) -> Health:
    """Look at the newest pulse of a worker, and at messages that should have gone by now.

    A pulse may be three ticks and a minute old: a tick that sends may last a minute.
    """
    newest = session.scalar(select(func.max(WorkerTick.last_tick_at)))
    worker = "ok"
    if newest is None:
        worker = "never ran"
    elif newest < now - timedelta(seconds=3 * tick_s + 60):
        worker = "stopped"
    age = None if newest is None else max(0, int((now - newest).total_seconds()))
    return Health(worker, _outbox(session, now), age)


def _outbox(session: Session, now: datetime) -> str:
    if session.scalar(select(SendingPause.id).where(SendingPause.resumed_at.is_(None)).limit(1)) is not None:
        return "paused"
    overdue = session.scalar(
        select(func.count(Message.id)).where(
            Message.status.in_(OPEN), Message.next_attempt_at < now - LATE, ~is_behind(now)
        )
    )
    return "late" if overdue else "ok"

"""Whether worker and outbox are well: what `/healthz` says, in one word each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import Message, MessageStatus, WorkerTick

LATE = timedelta(minutes=15)


@dataclass(frozen=True)
class Health:
    """`worker` and `outbox` say "ok" or what is wrong."""

    worker: str
    outbox: str

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        return self.worker == self.outbox == "ok"


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
    overdue = session.scalar(
        select(func.count(Message.id)).where(
            Message.status.in_((MessageStatus.QUEUED, MessageStatus.SENDING)),
            Message.next_attempt_at < now - LATE,
        )
    )
    return Health(worker, "ok" if not overdue else "late")

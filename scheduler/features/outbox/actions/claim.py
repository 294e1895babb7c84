"""Take one message to send, so that no other worker takes it too.

One statement finds and takes it: between looking and taking there is no gap for a second worker.
Whoever takes it holds a lease; if that worker stops, the lease runs out and the message is taken
again. The fence rises with each claim, so a worker that was frozen and wakes after its lease can
record nothing over the one that took its place.

A text whose lease runs out is not taken again: it may have gone out, and a gateway can't tell one that comes
twice. It is held instead, and the gateway is asked what it has.

While a person has stopped all sending nothing is taken. That is asked in the taking statement itself: a
worker that looked first and took afterwards would take one more after the switch.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Table, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from scheduler.features.outbox.order import constants, is_behind, is_open
from scheduler.models import Channel, Message, MessageAttempt, MessageStatus, SendingPause

LEASE = timedelta(seconds=90)
"""Longer than twice the total time of one try (`channels.smtp.TOTAL_S`)."""

LAPSED = (
    "The worker before stopped without saying what came of it, so it is sent again under the same number."
)
LAPSED_TEXT = "The worker stopped while it was being sent. It may have arrived."


@dataclass(frozen=True)
class Claim:
    """A message that is ours until the lease ends; what comes of it is recorded with `fence`."""

    message_id: int
    fence: int
    attempts: int
    channel: Channel = Channel.EMAIL


@cache
def _take(channels: frozenset[Channel]) -> Any:
    """The statement that takes the first one due. It is made once: making it takes longer than running it."""
    at: BindParameter[datetime] = bindparam("at", type_=Message.__table__.c.due_at.type)
    until: BindParameter[datetime] = bindparam("until", type_=Message.__table__.c.due_at.type)
    due = (
        select(Message.id)
        .where(
            is_open(),
            or_(Message.status == MessageStatus.QUEUED, Message.channel == Channel.EMAIL),
            Message.next_attempt_at <= at,
            Message.channel.in_(constants(sorted(channels))),
            ~is_behind(at),
            ~exists().where(SendingPause.resumed_at.is_(None)),
        )
        .order_by(Message.next_attempt_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)  # PostgreSQL; SQLite has one writer and leaves it out
    )
    table = cast(Table, Message.__table__)
    return (
        update(table)
        .where(table.c.id == due.scalar_subquery())
        .values(
            status=MessageStatus.SENDING,
            lease_by=bindparam("worker"),
            lease_until=until,
            # A lease that runs out makes the message due again: one index serves both.
            next_attempt_at=until,
            fence=table.c.fence + 1,
            attempts=table.c.attempts + 1,
        )
        .returning(table.c.id, table.c.fence, table.c.attempts, table.c.channel)
    )


def claim_next(
    session: Session,
    at: datetime,
    worker: str,
    lease: timedelta = LEASE,
    channels: Collection[Channel] = tuple(Channel),
) -> Claim | None:
    """Take the message that has waited longest past its time; None where none is due or sending is paused.

    `channels` are those whose doors are open: one that can't be reached holds up no other.
    """
    told = {"at": at, "until": at + lease, "worker": worker}
    # By the connection: the session would look at the statement anew each time, for longer than it runs.
    taken = session.connection().execute(_take(frozenset(channels)), told).one_or_none()
    if taken is None:
        return None
    _note_lapse(session, at, worker, taken.id, taken.fence - 1)
    return Claim(taken.id, taken.fence, taken.attempts, taken.channel)


def hold_lapsed_texts(session: Session, at: datetime) -> int:
    """Hold text messages whose worker stopped while sending; give their number. The gateway is asked next."""
    held = session.execute(
        update(Message)
        .where(
            Message.status == MessageStatus.SENDING,
            Message.channel == Channel.SMS,
            Message.next_attempt_at <= at,
        )
        .values(
            status=MessageStatus.UNKNOWN,
            reason=LAPSED_TEXT,
            fence=Message.fence + 1,
            lease_until=None,
        )
        .returning(Message.id, Message.fence, Message.lease_by)
        .execution_options(synchronize_session=False)
    ).all()
    for row in held:
        _add_lapse(session, at, row.lease_by or "", row.id, row.fence - 1, LAPSED_TEXT)
    return len(held)


def _note_lapse(session: Session, at: datetime, worker: str, message: int, fence: int) -> None:
    """Add the try that nobody recorded to the history: its fence has no row."""
    if fence < 1:
        return
    known = select(MessageAttempt.id).where(
        MessageAttempt.message_id == message, MessageAttempt.fence == fence
    )
    if session.execute(known.limit(1)).one_or_none() is None:
        _add_lapse(session, at, worker, message, fence, LAPSED)


def _add_lapse(session: Session, at: datetime, worker: str, message: int, fence: int, detail: str) -> None:
    session.add(
        MessageAttempt(message_id=message, at=at, fence=fence, worker=worker, outcome="lapsed", detail=detail)
    )

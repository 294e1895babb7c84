"""Whether messages go out now, who stopped them where not, and what a day brought."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.queries.page import day_bounds, zone_of
from scheduler.features.outbox.redact import without_addresses
from scheduler.models import Message, MessageAttempt, MessageStatus, SendingPause, User

OPEN = (MessageStatus.QUEUED, MessageStatus.SENDING)
FAILED = (MessageStatus.DEAD, MessageStatus.UNKNOWN)
HELD = (MessageStatus.SUPPRESSED, MessageStatus.EXPIRED)
EARLIER = 10
MOST_REASONS = 8


@dataclass(frozen=True)
class Pause:
    """One time that all sending was stopped, times local to the reader; `until` is None while it lasts."""

    since: datetime
    by: str
    reason: str
    until: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True)
class Standing:
    """The pause that holds now, the ones before it (newest first), and what waits: in all, due by now."""

    pause: Pause | None
    earlier: list[Pause]
    waiting: int
    due: int


@dataclass(frozen=True)
class DaySum:
    """What became of messages on one day: how many went out, and how many were not delivered, with why.

    `why` holds the commonest reasons without any address.
    """

    day: date
    sent: int
    failed: int
    left: int
    why: list[tuple[str, int]]


def paused(session: Session) -> SendingPause | None:
    """The pause that holds now, None while messages go out."""
    return session.scalar(
        select(SendingPause)
        .where(SendingPause.resumed_at.is_(None))
        .order_by(SendingPause.id.desc())
        .limit(1)
    )


def paused_count() -> Select[int]:
    """Select how many pauses hold now: none, or the one."""
    return select(func.count(SendingPause.id)).where(SendingPause.resumed_at.is_(None))


def pause_of(session: Session, site_id: int | None) -> Pause | None:
    """The pause that holds now, in words for somebody at that site."""
    row = paused(session)
    return None if row is None else _pause(session, row, zone_of(session, site_id))


def standing(session: Session, now: datetime, site_id: int | None) -> Standing:
    """What the page of the switch shows to somebody at that site."""
    zone = zone_of(session, site_id)
    rows = session.scalars(
        select(SendingPause)
        .where(SendingPause.resumed_at.is_not(None))
        .order_by(SendingPause.id.desc())
        .limit(EARLIER)
    ).all()
    waits = select(func.count(Message.id)).where(Message.status.in_(OPEN))
    return Standing(
        pause_of(session, site_id),
        [_pause(session, row, zone) for row in rows],
        session.scalar(waits) or 0,
        session.scalar(waits.where(Message.next_attempt_at <= now)) or 0,
    )


def yesterday(session: Session, now: datetime, site_id: int | None) -> DaySum:
    """What the day before brought, at all sites together; the day is that of the reader's site."""
    zone = zone_of(session, site_id)
    day = now.astimezone(zone).date() - timedelta(days=1)
    start, end = day_bounds(day, zone)
    sent = session.scalar(
        select(func.count(Message.id)).where(Message.sent_at >= start, Message.sent_at < end)
    )
    last = (
        select(MessageAttempt.message_id)
        .group_by(MessageAttempt.message_id)
        .having(func.max(MessageAttempt.at) >= start, func.max(MessageAttempt.at) < end)
    )
    settled = session.execute(
        select(Message.status, Message.reason, func.count())
        .where(Message.status.in_((*FAILED, *HELD)), Message.id.in_(last))
        .group_by(Message.status, Message.reason)
        .order_by(func.count().desc(), Message.reason)
    ).all()
    why: Counter[str] = Counter()
    for status, reason, count in settled:
        if status in FAILED:
            # Servers name the address in their answer: without it, the same reason is one line.
            why[without_addresses(reason or "No reason was given.")] += count
    left = sum(count for status, _, count in settled if status in HELD)
    return DaySum(day, sent or 0, why.total(), left, why.most_common(MOST_REASONS))


def _pause(session: Session, row: SendingPause, zone: ZoneInfo) -> Pause:
    names = {
        user.id: user.name
        for user in session.scalars(
            select(User).where(User.id.in_((row.paused_by_id, row.resumed_by_id))).order_by(User.id)
        )
    }
    return Pause(
        row.paused_at.astimezone(zone),
        names.get(row.paused_by_id or 0, "somebody who has left"),
        row.reason,
        row.resumed_at.astimezone(zone) if row.resumed_at else None,
        names.get(row.resumed_by_id or 0, "somebody who has left") if row.resumed_at else "",
    )

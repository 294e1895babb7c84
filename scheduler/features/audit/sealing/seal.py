"""Seal what is settled.

PostgreSQL gives numbers out before their rows can be seen: an event with a smaller number than the last one
may still appear, as long as a transaction is open that had begun when the last one was seen. So a look notes
how far the trail goes and seals that far once all transactions of that time have ended. SQLite has one writer
at a time, and what can be seen is settled.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scheduler.features.audit.sealing.chain import NOTHING, digest_of
from scheduler.models import AuditEvent, AuditSeal

PIECE = 2_000
"""The most events under one seal: about as many as a clinic's day brings."""
_CLOCK = text("SELECT clock_timestamp()")
_OLDEST = text(
    "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Sight:
    """How far the trail went when it was looked at, and when that was by the database's clock."""

    last_event_id: int
    at: datetime | None


def sight(session: Session) -> Sight:
    """Look how far the trail goes now."""
    last = session.scalar(select(func.max(AuditEvent.id))) or 0
    if _is_sqlite(session):
        return Sight(last, None)
    return Sight(last, session.execute(_CLOCK).scalar_one())


def has_settled(session: Session, seen: Sight) -> bool:
    """Whether no event can appear any more that lies before the end of what was seen."""
    if seen.at is None:
        return True
    oldest: datetime | None = session.execute(_OLDEST).scalar_one()
    return oldest is None or oldest > seen.at


def last_sealed(session: Session) -> int:
    """The number of the last event under a seal, 0 where there is none."""
    return session.scalar(select(func.max(AuditSeal.last_event_id))) or 0


def seal(session: Session, at: datetime, up_to: int) -> int:
    """Seal the next events up to the number `up_to`; how many there were, PIECE where more may follow.

    Of two sealers at once the second fails on the unique `previous`, and finds at its next look what to do.
    """
    before = session.scalars(
        select(AuditSeal).order_by(AuditSeal.last_event_id.desc()).limit(1)
    ).one_or_none()
    after, previous = (before.last_event_id, before.digest) if before else (0, NOTHING)
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.id > after, AuditEvent.id <= up_to)
        .order_by(AuditEvent.id)
        .limit(PIECE)
    ).all()
    if events:
        session.add(
            AuditSeal(
                first_event_id=events[0].id,
                last_event_id=events[-1].id,
                events=len(events),
                previous=previous,
                digest=digest_of(previous, events),
                sealed_at=at,
            )
        )
    return len(events)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"

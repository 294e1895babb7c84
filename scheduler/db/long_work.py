"""Long work that a person asks for and a worker does beside its tick, such as an export of the whole clinic.

One row is one piece of such work. It says how far it is, so that a page can show it, and whose it is: the
fence rises with each worker that takes it, and who holds an older one writes nothing any more. There is no
lease to renew: each note of progress is a sign of life; after `GONE` without one the next worker takes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.db.base import Instant
from scheduler.db.locks import lock_words

GONE = timedelta(minutes=5)
"""A worker that gave no sign of life for so long is gone, and another one takes over."""
STILL = timedelta(minutes=1)
"""After so long without a sign of life a page says that nothing moves."""


class LongWork:
    """What every table of such work has. `position` of `total` is done; `moved_at` is the last sign of life.

    Without `finished_at` it waits (`moved_at` is empty) or is under way. `error` says why it came to nothing.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    fence: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime | None] = mapped_column(Instant)
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str | None]


Work = TypeVar("Work", bound=LongWork)


@dataclass(frozen=True)
class Hold(Generic[Work]):
    """A piece of work that is ours while its fence stands."""

    kind: type[Work]
    work_id: int
    fence: int


def under_way(session: Session, kind: type[Work]) -> Work | None:
    """The work of this kind that is not over; until the transaction ends nobody else asks for any."""
    _lock(session, kind)
    return session.scalar(select(kind).where(kind.finished_at.is_(None)).order_by(kind.id).limit(1))


def take_next(session: Session, at: datetime, kind: type[Work]) -> Work | None:
    """Take what waits, or whose worker is gone; None where there is nothing to do."""
    _lock(session, kind)
    found = session.scalar(
        select(kind)
        .where(kind.finished_at.is_(None), or_(kind.moved_at.is_(None), kind.moved_at <= at - GONE))
        .order_by(kind.id)
        .limit(1)
    )
    if found is not None:
        found.fence, found.moved_at = found.fence + 1, at
    return found


def held(session: Session, hold: Hold[Work]) -> Work | None:
    """The work, locked, while it is ours; None where it is over or another worker has it."""
    kind = hold.kind
    return session.scalar(
        select(kind)
        .where(kind.id == hold.work_id, kind.fence == hold.fence, kind.finished_at.is_(None))
        .with_for_update()
    )


def let_go(session: Session, hold: Hold[Work]) -> None:
    """Give it up, for the next worker to take."""
    found = held(session, hold)
    if found is not None:
        found.moved_at = None


def stands_still(work: LongWork, now: datetime) -> bool:
    """Whether nothing moved for a while though the work is not over."""
    return work.finished_at is None and (work.moved_at or work.asked_at) < now - STILL


def _lock(session: Session, kind: type[LongWork]) -> None:
    lock_words(session, f"long work: {kind.__name__}")

"""Reading what became of exports of the whole clinic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db.long_work import stands_still
from scheduler.models import ClinicExport, User


@dataclass(frozen=True)
class Run:
    """One export in the list: waits, under way, made, failed or gone. `theirs`: the reader's own."""

    id: int
    purpose: str
    asked_at: datetime
    by: str
    theirs: bool
    state: str
    position: int
    total: int
    size: int | None
    expires_at: datetime | None
    error: str | None
    is_still: bool

    @property
    def is_working(self) -> bool:
        """Whether something is still to come."""
        return self.state in {"waits", "under way"}


def runs(session: Session, user_id: int | None, now: datetime, limit: int = 20) -> Sequence[Run]:
    """The newest exports of all people, newest first."""
    rows = session.execute(
        select(ClinicExport, User.name)
        .outerjoin(User, User.id == ClinicExport.asked_by_id)
        .order_by(ClinicExport.id.desc())
        .limit(limit)
    )
    return [_run(row, name or "", user_id, now) for row, name in rows]


def _run(row: ClinicExport, by: str, user_id: int | None, now: datetime) -> Run:
    return Run(
        row.id,
        row.purpose,
        row.asked_at,
        by,
        row.asked_by_id is not None and row.asked_by_id == user_id,
        _state(row, now),
        row.position,
        row.total,
        row.size,
        row.expires_at,
        row.error,
        stands_still(row, now),
    )


def _state(row: ClinicExport, now: datetime) -> str:
    if row.finished_at is None:
        return "under way" if row.moved_at else "waits"
    if row.error:
        return "failed"
    return "made" if row.file and row.expires_at and row.expires_at > now else "gone"

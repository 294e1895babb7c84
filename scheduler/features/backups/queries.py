"""Reading what became of backups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import BackupRun, User


@dataclass(frozen=True)
class RunLine:
    """One backup in a list; `by` is who asked for it, None for the clock."""

    asked_at: datetime
    by: str | None
    state: str
    file: str | None
    size: int | None
    rows: int | None
    error: str | None


@dataclass(frozen=True)
class BackupsPage:
    """The newest runs, the last good one, and whether it is too old."""

    runs: Sequence[RunLine]
    last_good_at: datetime | None
    overdue: bool


def backups_page(session: Session, now: datetime, every: timedelta | None, limit: int = 30) -> BackupsPage:
    """What the administrator sees. A backup is overdue when the last good one is two rounds old, or the
    first one failed."""
    rows = session.execute(
        select(BackupRun, User.name)
        .outerjoin(User, User.id == BackupRun.asked_by_id)
        .order_by(BackupRun.id.desc())
        .limit(limit)
    ).all()
    good = session.scalar(
        select(BackupRun.started_at)
        .where(BackupRun.file.is_not(None))
        .order_by(BackupRun.started_at.desc())
        .limit(1)
    )
    failed = any(row.BackupRun.error for row in rows)
    overdue = every is not None and (failed if good is None else good < now - 2 * every)
    return BackupsPage(
        [_line(row.BackupRun, row.name) for row in rows],
        good,
        overdue,
    )


def _line(run: BackupRun, by: str | None) -> RunLine:
    state = "failed" if run.error else "made" if run.file else "under way" if run.started_at else "waits"
    return RunLine(run.asked_at, by, state, run.file, run.size, run.row_count, run.error)

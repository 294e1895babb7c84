"""Take the backup that is due: one process, whoever looks first."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db.locks import lock_words
from scheduler.models import BackupRun

STUCK = timedelta(hours=2)
"""A run that began so long ago and told nothing has died with its worker."""

AGAIN = timedelta(minutes=30)
"""After a failure the clock's next try waits so long; a person's does not."""


def take_due(session: Session, at: datetime, every: timedelta | None) -> int | None:
    """The id of the run that this process must make now, or None where nothing is due."""
    lock_words(session, "backup")
    open_run = session.scalar(
        select(BackupRun).where(BackupRun.finished_at.is_(None)).order_by(BackupRun.id).limit(1)
    )
    if open_run is not None and open_run.started_at is not None:
        if open_run.started_at > at - STUCK:
            return None
        open_run.finished_at, open_run.error = at, "The worker ended before the backup was made."
        open_run = None
    if open_run is None:
        if every is None or not _is_due(session, at, every):
            return None
        open_run = BackupRun(asked_at=at)
        session.add(open_run)
    open_run.started_at = at
    session.flush()
    return open_run.id


def _is_due(session: Session, at: datetime, every: timedelta) -> bool:
    good = session.scalar(
        select(BackupRun.started_at)
        .where(BackupRun.file.is_not(None))
        .order_by(BackupRun.started_at.desc())
        .limit(1)
    )
    failed = session.scalar(
        select(BackupRun.finished_at)
        .where(BackupRun.error.is_not(None))
        .order_by(BackupRun.finished_at.desc())
        .limit(1)
    )
    if failed is not None and failed > at - AGAIN:
        return False
    return good is None or good <= at - every

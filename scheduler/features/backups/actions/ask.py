"""Ask for a backup now: the worker makes it at its next look."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.models import BackupRun


def ask_backup(session: Session, actor: Actor, at: datetime) -> BackupRun:
    """Give the backup that waits already, or a new one that waits."""
    waiting = session.scalar(
        select(BackupRun).where(BackupRun.finished_at.is_(None)).order_by(BackupRun.id).limit(1)
    )
    if waiting is not None:
        return waiting
    run = BackupRun(asked_at=at, asked_by_id=actor.user_id)
    session.add(run)
    session.flush()
    record(session, actor, at, "backup.asked", "backup", run.id)
    return run

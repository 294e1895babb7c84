"""Write down what became of a backup."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.backups.make import Backup
from scheduler.models import BackupRun


def note_made(session: Session, at: datetime, run_id: int, backup: Backup) -> None:
    """The run gave this file."""
    run = session.get_one(BackupRun, run_id)
    run.finished_at, run.error = at, None
    run.file, run.size, run.sha256, run.row_count = backup.path.name, backup.size, backup.sha256, backup.rows


def note_failed(session: Session, at: datetime, run_id: int, sentence: str) -> None:
    """The run made nothing, for this reason."""
    run = session.get_one(BackupRun, run_id)
    run.finished_at, run.error = at, sentence

"""Look now and then whether a backup is due, and make it beside the tick: no message waits for a copy."""

from collections.abc import Callable
from datetime import datetime

import structlog

from scheduler.db import Database
from scheduler.errors import SixfoldError
from scheduler.features.backups.actions.note import note_failed, note_made
from scheduler.features.backups.actions.take import take_due
from scheduler.features.backups.folder import Folder
from scheduler.features.backups.make import make_backup

log = structlog.get_logger()

LOOK_SECONDS = 30
BROKE = "The backup broke off. The worker’s log says where."


def look(database: Database, url: str, folder: Folder, now: Callable[[], datetime]) -> None:
    """Make the backup that is due, if any, and record what became of it. Never raises: it must look again."""
    try:
        with database.write() as session:
            run_id = take_due(session, now(), folder.every)
        if run_id is not None:
            _make(database, url, folder, now, run_id)
    except Exception:
        log.exception("backup_look_broke")


def _make(database: Database, url: str, folder: Folder, now: Callable[[], datetime], run_id: int) -> None:
    try:
        backup = make_backup(url, folder, now())
    except Exception as error:
        log.exception("backup_failed")
        sentence = error.sentence if isinstance(error, SixfoldError) else BROKE
        with database.write() as session:
            note_failed(session, now(), run_id, sentence)
        return
    with database.write() as session:
        note_made(session, now(), run_id, backup)
    log.info("backup_made", file=backup.path.name, size=backup.size, rows=backup.rows)

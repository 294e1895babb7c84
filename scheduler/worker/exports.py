"""Make exports of the whole clinic beside the tick: no message waits for them.

A worker that dies leaves nothing that anybody could fetch: the next one begins anew, in a folder of its own.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import structlog

from scheduler.db import Database
from scheduler.db.long_work import let_go
from scheduler.errors import SixfoldError
from scheduler.features.interchange.actions.work import (
    Claim,
    expire,
    fail,
    finish,
    note_progress,
    take,
)
from scheduler.features.interchange.folder import pack
from scheduler.features.interchange.whole import write_clinic

log = structlog.get_logger()

LOOK_SECONDS = 5
BROKE = "The export broke off. The worker’s log says where."


class LostError(Exception):
    """Another worker has the export now, or this one is to stop: nothing more is written."""


@dataclass(frozen=True)
class Exporter:
    """Where files go, what their names begin with, and the clock."""

    database: Database
    folder: Path
    base: str
    now: Callable[[], datetime]

    def look(self, is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Let old files go, and make the export that waits. Never raises: it must look again."""
        try:
            for name in self.database.attempt(lambda session: expire(session, self.now())):
                (self.folder / name).unlink(missing_ok=True)
            claim = self.database.attempt(lambda session: take(session, self.now()))
            if claim is not None:
                self._make(claim, is_stopping)
        except Exception:
            log.exception("export_look_broke")

    def _make(self, claim: Claim, is_stopping: Callable[[], bool]) -> None:
        self._clear(claim.work_id)
        try:
            self._write(claim, is_stopping)
        except LostError:
            self.database.attempt(partial(let_go, hold=claim))
            log.info("export_let_go", clinic_export=claim.work_id)
        except Exception as error:
            log.exception("export_failed", clinic_export=claim.work_id)
            sentence = error.sentence if isinstance(error, SixfoldError) else BROKE
            self.database.attempt(partial(fail, at=self.now(), claim=claim, sentence=sentence))

    def _clear(self, export_id: int) -> None:
        """Remove what a worker left that died."""
        for begins in (f".{export_id}-", f"..{export_id}-", f".clinic-{export_id}-", f"clinic-{export_id}-"):
            for left in self.folder.glob(f"{begins}*"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def _write(self, claim: Claim, is_stopping: Callable[[], bool]) -> None:
        def tell(done: int, total: int) -> None:
            note = partial(note_progress, at=self.now(), claim=claim, position=done, total=total)
            if is_stopping() or not self.database.attempt(note):
                raise LostError

        room = self.folder / f".{claim.work_id}-{claim.fence}"
        target = self.folder / f"clinic-{claim.work_id}-{claim.fence}.zip"
        try:
            write_clinic(self.database, room, self.base, self.now(), tell)
            size = pack(room, target)
        finally:
            shutil.rmtree(room, ignore_errors=True)
        done = partial(finish, at=self.now(), claim=claim, file=target.name, size=size)
        if not self.database.attempt(done):
            target.unlink(missing_ok=True)
            raise LostError
        log.info("export_made", clinic_export=claim.work_id, size=size)

"""Seal the audit trail beside the tick, and look once a day whether the seals still fit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from scheduler.db import Database
from scheduler.features.audit.sealing.check import is_due, look, note
from scheduler.features.audit.sealing.seal import PIECE, Sight, has_settled, last_sealed, seal, sight

log = structlog.get_logger()

LOOK_SECONDS = 60


@dataclass
class Sealer:
    """What it saw at its last look: that far it seals once nothing can come before it any more."""

    database: Database
    now: Callable[[], datetime]
    seen: Sight | None = None

    def look(self, is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Seal what is settled, then check what there is to check. Never raises: it must look again."""
        try:
            self._seal(is_stopping)
            self._check()
        except Exception:
            log.exception("audit_seal_broke")

    def _seal(self, is_stopping: Callable[[], bool]) -> None:
        with self.database.read() as session:
            fresh, sealed = sight(session), last_sealed(session)
            seen = self.seen if self.seen is not None and self.seen.last_event_id > sealed else fresh
            settled = seen.last_event_id > sealed and has_settled(session, seen)
        self.seen = fresh if settled else seen
        while settled and not is_stopping():
            write = partial(seal, at=self.now(), up_to=seen.last_event_id)
            if self.database.attempt(write) < PIECE:
                return

    def _check(self) -> None:
        with self.database.read() as session:
            if not is_due(session, self.now()):
                return
            found = look(session)
        if found.problem:
            log.error("audit_chain_broken", problem=found.problem)
        self.database.attempt(partial(note, at=self.now(), found=found))

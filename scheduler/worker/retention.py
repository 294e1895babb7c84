"""Delete what is past its time, beside the tick: one person at a time, so that nobody waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from scheduler.db import Database
from scheduler.db.long_work import let_go
from scheduler.errors import NotFoundError, RuleError, SixfoldError
from scheduler.features.records.actions.work import (
    Claim,
    finish,
    remove_due,
    remove_messages,
    remove_strangers,
    take,
)
from scheduler.features.records.queries.due import next_due

log = structlog.get_logger()

Piece = Callable[..., int | None]

LOOK_SECONDS = 5
BROKE = "The deletion broke off. What went before is gone. The worker’s log says where."


@dataclass(frozen=True)
class Remover:
    """The database and the clock."""

    database: Database
    now: Callable[[], datetime]

    def look(self, is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Do the run that waits. Never raises: it must look again."""
        try:
            claim = self.database.attempt(lambda session: take(session, self.now()))
            if claim is not None:
                self._run(claim, is_stopping)
        except Exception:
            log.exception("retention_look_broke")

    def _run(self, claim: Claim, is_stopping: Callable[[], bool]) -> None:
        try:
            if not (
                self._people(claim, is_stopping)
                and self._all(remove_strangers, claim, is_stopping)
                and self._all(remove_messages, claim, is_stopping)
            ):
                self.database.attempt(partial(let_go, hold=claim))
                return
        except Exception as error:
            log.exception("retention_failed", retention_run=claim.work_id)
            sentence = error.sentence if isinstance(error, SixfoldError) else BROKE
            self.database.attempt(partial(finish, at=self.now(), claim=claim, error=sentence))
            return
        self.database.attempt(partial(finish, at=self.now(), claim=claim))
        log.info("retention_done", retention_run=claim.work_id)

    def _people(self, claim: Claim, is_stopping: Callable[[], bool]) -> bool:
        """All whose time is over; False where it has to be given up before the end."""
        after = 0
        while True:
            with self.database.read() as session:
                found = next_due(session, claim.rules, claim.asked_at, after)
            if found is None:
                return True
            after, due = found
            for one in due:
                if is_stopping():
                    return False
                try:
                    if not self.database.attempt(partial(remove_due, at=self.now(), claim=claim, due=one)):
                        return False
                except (RuleError, NotFoundError):  # Held since, or back since: they stay.
                    log.info("retention_left_out", patient=one.patient_id)

    def _all(self, piece: Piece, claim: Claim, is_stopping: Callable[[], bool]) -> bool:
        """Piece after piece until there is none; False where it has to be given up before the end."""
        while not is_stopping():
            count = self.database.attempt(partial(piece, at=self.now(), claim=claim))
            if count is None:
                return False
            if not count:
                return True
        return False

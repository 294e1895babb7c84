"""One tick: let run out what has run out, write the reminders that are due, send what waits, clean up.

Each step stands alone: when one breaks, the others still run, and the next tick tries again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from scheduler.features.desk.actions.digest import write_digests
from scheduler.features.desk.queries.digest import due_digests
from scheduler.worker.accounts import answer
from scheduler.worker.alerts import Watch
from scheduler.worker.deliver import Post, deliver_due
from scheduler.worker.housekeeping import clean, run_out
from scheduler.worker.pages import PageSender
from scheduler.worker.pulse import beat
from scheduler.worker.questions import Asker
from scheduler.worker.remind import Lookout

log = structlog.get_logger()

CLEAN_EVERY = timedelta(hours=6)


@dataclass
class Ticker:
    """What one worker remembers between ticks: nothing that the database could not tell it again."""

    post: Post
    is_stopping: Callable[[], bool] = lambda: False
    started_at: datetime = field(init=False)
    cleaned_at: datetime | None = None
    lookout: Lookout = field(default_factory=Lookout)
    asker: Asker = field(default_factory=Asker)
    pages: PageSender = field(default_factory=PageSender)
    watch: Watch = field(default_factory=Watch)
    error: str | None = None

    def __post_init__(self) -> None:
        self.started_at = self.post.now()

    def tick(self) -> None:
        """Do all that is due now. Never raises: the next tick must come."""
        broken = [
            name
            for name, step in (
                ("pulse", self._beat),
                ("days run out", self._run_out),
                ("reminders", self._remind),
                ("questions", self._ask),
                ("own pages", self._send_pages),
                ("alerts", self._watch),
                ("digests", self._digest),
                ("lost passwords", self._answer),
                ("messages", self._deliver),
                ("housekeeping", self._clean),
            )
            if not self.is_stopping() and not _stands(name, step)
        ]
        was, self.error = self.error, ", ".join(broken) or None
        if self.error != was:
            _stands("pulse", self._beat)

    def _beat(self) -> None:
        with self.post.database.write() as session:
            beat(session, self.post.now(), self.post.worker, self.started_at, self.error)

    def _run_out(self) -> None:
        run_out(self.post.database, self.post.now())

    def _remind(self) -> None:
        self.lookout.remind(self.post)

    def _ask(self) -> None:
        self.asker.ask(self.post)

    def _send_pages(self) -> None:
        self.pages.send(self.post)

    def _watch(self) -> None:
        self.watch.look(self.post)

    def _digest(self) -> None:
        now = self.post.now()
        with self.post.database.read() as session:
            due = due_digests(session, now)
        if due:
            with self.post.database.write() as session:
                write_digests(session, now, due, self.post.base_url)

    def _answer(self) -> None:
        answer(self.post)

    def _deliver(self) -> None:
        deliver_due(self.post, self.is_stopping)

    def _clean(self) -> None:
        now = self.post.now()
        if self.cleaned_at is not None and now < self.cleaned_at + CLEAN_EVERY:
            return
        with self.post.database.write() as session:
            clean(session, now)
        self.cleaned_at = now


def _stands(name: str, step: Callable[[], None]) -> bool:
    try:
        step()
    except Exception:
        log.exception("worker_step_broke", step=name)
        return False
    return True

"""Keep the waiting list true beside the tick: no message waits for the planner.

Offers run out, entries end or come back at once. What the others could be offered is searched again only
where something changed since the last look (a course, the capacity, the list itself), and now and then
anyway, because time passes: it is the figure in the navigation, no more; the page asks the planner itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from scheduler.db import Database
from scheduler.features.waiting.actions.tend import expire_offers, note_gains, reopen_undone, settle_entries
from scheduler.features.waiting.queries import gains, has_open, stamp

log = structlog.get_logger()

LOOK_SECONDS = 10
SEARCH_EVERY = timedelta(minutes=15)


@dataclass
class Keeper:
    """What one worker remembers between looks; the database could tell it again."""

    database: Database
    now: Callable[[], datetime]
    seen: tuple[int, int, int] | None = None
    searched_at: datetime | None = None

    def look(self) -> None:
        """Do what is due. Never raises: it must look again."""
        try:
            self._tend()
            self._search()
        except Exception:
            log.exception("waiting_look_broke")

    def _tend(self) -> None:
        now = self.now()
        with self.database.read() as session:
            if not has_open(session) and stamp(session) == self.seen:
                return
        with self.database.write() as session:
            expire_offers(session, now)
            settle_entries(session, now)
            reopen_undone(session, now)

    def _search(self) -> None:
        now = self.now()
        with self.database.read() as session:
            found = stamp(session)
            recent = self.searched_at is not None and now < self.searched_at + SEARCH_EVERY
            if found == self.seen and recent:
                return
        self._note_all(now)
        self.seen, self.searched_at = found, now

    def _note_all(self, now: datetime) -> None:
        """Search for everybody, some at a time. What changes meanwhile is searched by the next look."""
        after = 0
        while True:
            with self.database.read() as session:
                searched = gains(session, now, after)
            if not searched:
                return
            with self.database.write() as session:
                note_gains(session, searched)
            after = max(searched)

"""Writing the reminders that are due, without looking at every visit ahead every few seconds.

The first look of a worker goes over all visits, so one that slept or has just begun misses nothing. From then
on it looks at what has fallen due since its last look; and every ten minutes at all that would still be of
use, because an address may have been corrected, a course resumed, or a booking committed late. What it
remembers is a matter of speed alone: the database knows which reminders are written.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.actor import WORKER
from scheduler.features.reminders.actions import settle_reachable, write_reminders
from scheduler.features.reminders.due import USEFUL_FOR
from scheduler.features.reminders.queries import due_reminders
from scheduler.worker.deliver import Post

BATCH = 50
LOOK_BACK = timedelta(minutes=5)
"""Clocks differ, and a transaction may take a while."""
LOOK_WIDE = timedelta(minutes=10)


@dataclass
class Lookout:
    """When one worker looked last, and when it last looked at all that is still of use."""

    looked_at: datetime | None = None
    looked_wide_at: datetime | None = None

    def remind(self, post: Post) -> None:
        """Write what is due. What breaks is looked for again at the next tick."""
        now = post.now()
        since = self._since(now)
        with post.database.read() as session:
            due = due_reminders(session, now, since)
        for first in range(0, len(due), BATCH):
            with post.database.write() as session:
                write_reminders(session, now, due[first : first + BATCH])
        if self._is_wide(now):
            with post.database.write() as session:
                settle_reachable(session, WORKER, now)
            self.looked_wide_at = now
        self.looked_at = now

    def _since(self, now: datetime) -> datetime | None:
        if self.looked_at is None:
            return None
        return min(self.looked_at - LOOK_BACK, now - USEFUL_FOR if self._is_wide(now) else now)

    def _is_wide(self, now: datetime) -> bool:
        return self.looked_wide_at is None or now >= self.looked_wide_at + LOOK_WIDE

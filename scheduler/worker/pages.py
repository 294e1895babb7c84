"""Sending patients the link to their own pages after a booking: looked for every few minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.outbox.page_links import due_sendings, write_sendings
from scheduler.worker.deliver import Post

EVERY = timedelta(minutes=10)


@dataclass
class PageSender:
    """When one worker looked last; the database knows which links were sent."""

    looked_at: datetime | None = None

    def send(self, post: Post) -> None:
        """Write what is due. What breaks is looked for again at the next tick."""
        now = post.now()
        if self.looked_at is not None and now < self.looked_at + EVERY:
            return
        with post.database.read() as session:
            due = due_sendings(session, now)
        if due:
            with post.database.write() as session:
                write_sendings(session, now, due)
        self.looked_at = now

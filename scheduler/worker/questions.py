"""Sending links to questions that are due: looked for every few minutes, for no minute of it counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.ratings.actions.prompt import write_prompts
from scheduler.features.ratings.queries.prompts import due_prompts
from scheduler.worker.deliver import Post

EVERY = timedelta(minutes=10)
BATCH = 50


@dataclass
class Asker:
    """When one worker looked last; the database knows which links were sent."""

    looked_at: datetime | None = None

    def ask(self, post: Post) -> None:
        """Write what is due. What breaks is looked for again at the next tick."""
        now = post.now()
        if self.looked_at is not None and now < self.looked_at + EVERY:
            return
        with post.database.read() as session:
            due = due_prompts(session, now)
        for first in range(0, len(due), BATCH):
            with post.database.write() as session:
                write_prompts(session, now, due[first : first + BATCH])
        self.looked_at = now

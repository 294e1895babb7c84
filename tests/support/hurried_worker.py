"""Workers as processes whose minutes are seconds, so that a lease runs out while a test waits.

They are forked from one server that has loaded the program already: thirty of them may be killed and
replaced in the time that one takes to start from nothing.
"""

import multiprocessing
import time
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess

import structlog
from sqlalchemy import func, select

from scheduler import clock
from scheduler.db import Database
from scheduler.models import Message, MessageStatus
from scheduler.worker.deliver import deliver_due
from tests.support.clinic import NOW
from tests.support.post import Clock, post, smtp

FORKS = multiprocessing.get_context("forkserver")
SPEED = 60
"""A minute of theirs is a second."""


class Hurried(Clock):
    """A clock that shows NOW at the real instant `since`, and runs fast from there."""

    def __init__(self, since: datetime) -> None:
        super().__init__(NOW)
        self.since = since

    def now(self) -> datetime:
        """The time it shows."""
        return NOW + (clock.now() - self.since) * SPEED


def start_worker(database_url: str, smtp_url: str, since: datetime, name: str) -> ForkServerProcess:
    """Start one; it ends when nothing waits any more."""
    FORKS.set_forkserver_preload(["pytest", __name__])
    worker = FORKS.Process(target=_deliver_all, args=(database_url, smtp_url, since, name), daemon=True)
    worker.start()
    return worker


def waiting(database: Database) -> int:
    """How many messages are not settled."""
    with database.read() as session:
        open_ones = (MessageStatus.QUEUED, MessageStatus.SENDING)
        return session.scalar(select(func.count(Message.id)).where(Message.status.in_(open_ones))) or 0


def _deliver_all(database_url: str, smtp_url: str, since: datetime, name: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    database = Database(database_url)
    means = post(database, smtp(smtp_url, timeout=30, total=60), Hurried(since), name)
    while waiting(database):
        if not deliver_due(means):
            time.sleep(timedelta(seconds=3).total_seconds() / SPEED)
    means.transport.close()
    database.dispose()

"""What the frame of every page tells: how much waits behind the navigation, and whether sending is paused.

Every page of every person asks this, an open board every few seconds: it is one statement, whose parts the
slices give that own the tables.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, Integer, bindparam, select
from sqlalchemy.orm import Session

from scheduler.db import Instant
from scheduler.features.desk.queries.inbox import KEPT, inbox_counts
from scheduler.features.outbox.queries.sending import paused_count
from scheduler.features.tasks.queries import open_count
from scheduler.features.waiting.queries import good_count


@dataclass(frozen=True)
class Shell:
    """How much waits in the inbox, on the page of tasks and on the waiting list; whether nothing is sent."""

    inbox: int
    tasks: int
    offers: int
    is_paused: bool


# Put together once: that costs more than asking.
_ASKED = select(
    *inbox_counts(
        bindparam("site", type_=Integer),
        bindparam("today", type_=Date),
        bindparam("now", type_=Instant),
        bindparam("since", type_=Instant),
    ),
    open_count().scalar_subquery(),
    good_count().scalar_subquery(),
    paused_count().scalar_subquery(),
)


def shell_of(session: Session, site_id: int, today: date, now: datetime) -> Shell:
    """Count it; the inbox is that of one site, where it is `today`."""
    places = {"site": site_id, "today": today, "now": now, "since": now - KEPT}
    answers, stuck, tasks, offers, pauses = session.execute(_ASKED, places).one()
    return Shell(answers + stuck, tasks, offers, pauses > 0)

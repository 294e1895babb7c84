"""What the frame of every page tells: how much waits behind the navigation, and whether sending is paused.

Every page of every person asks this, an open board every few seconds: it is one statement, whose parts the
slices give that own the tables.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, Integer, bindparam, literal, select
from sqlalchemy.orm import Session

from scheduler.db import Instant
from scheduler.features.desk.queries.inbox import KEPT, inbox_counts
from scheduler.features.intake.found import new_count
from scheduler.features.outbox.queries.sending import paused_count
from scheduler.features.review.queries.waiting import waiting_count as review_count
from scheduler.features.tasks.alerts import waiting_count
from scheduler.features.tasks.queries import open_count
from scheduler.features.waiting.queries import good_count


@dataclass(frozen=True)
class Shell:
    """How much waits in the inbox, on the page of tasks and on the waiting list; how many requests nobody has
    answered; how many alerts wait for somebody who charts, and how many courses for a look or a signature;
    whether nothing is sent.
    """

    inbox: int
    tasks: int
    offers: int
    requests: int
    alerts: int
    reviews: int
    is_paused: bool


class Sight(StrEnum):
    """Whose alerts are counted: a clinician's, a nurse's, or none of somebody who does not chart."""

    CLINICIAN = "clinician"
    NURSE = "nurse"
    NOTHING = "nothing"


_EVERYBODYS = (
    *inbox_counts(
        bindparam("site", type_=Integer),
        bindparam("today", type_=Date),
        bindparam("now", type_=Instant),
        bindparam("since", type_=Instant),
    ),
    open_count().scalar_subquery(),
    good_count().scalar_subquery(),
    new_count().scalar_subquery(),
    paused_count().scalar_subquery(),
)
_REVIEWS = review_count().scalar_subquery()
# Put together once: that costs more than asking.
_ASKED = {
    Sight.CLINICIAN: select(*_EVERYBODYS, waiting_count(is_clinician=True).scalar_subquery(), _REVIEWS),
    Sight.NURSE: select(*_EVERYBODYS, waiting_count(is_clinician=False).scalar_subquery(), _REVIEWS),
    Sight.NOTHING: select(*_EVERYBODYS, literal(0), literal(0)),
}


def shell_of(session: Session, site_id: int, today: date, now: datetime, sight: Sight) -> Shell:
    """Count it; the inbox is that of one site, where it is `today`, the alerts are those in `sight`."""
    places = {"site": site_id, "today": today, "now": now, "since": now - KEPT}
    found = session.execute(_ASKED[sight], places).one()
    answers, stuck, tasks, offers, requests, pauses, alerts, reviews = found
    return Shell(answers + stuck, tasks, offers, requests, alerts, reviews, pauses > 0)

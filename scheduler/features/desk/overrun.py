"""Visits that run over, and to whom that matters next.

A visit runs over when it ends later than planned: it began late, or its time is up and it still goes on.
What it takes from the chair's next visit is counted with the turnover, because the chair is not free before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.features.desk.facts import VisitFact
from scheduler.models import InfusionStatus

WAITING = frozenset({InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED})
NOTHING = timedelta(0)
WORTH_SAYING = timedelta(minutes=5)


@dataclass(frozen=True)
class Overrun:
    """`visit` ends `late` after its planned end, at `until`.

    `waits` is the next in its chair, kept from it by `wait`; None where nobody is.
    """

    visit: VisitFact
    until: datetime
    late: timedelta
    waits: VisitFact | None
    wait: timedelta


def ends_at(visit: VisitFact, now: datetime) -> datetime:
    """When a running visit ends as far as can be known `now`: never in the past."""
    return max(visit.until, now)


def late_end(starts_at: datetime, ends_at: datetime, started_at: datetime, now: datetime) -> datetime | None:
    """When a running visit ends, where that is enough after its plan to be worth saying; all aware."""
    until = max(started_at + (ends_at - starts_at), now)
    return until if until - ends_at >= WORTH_SAYING else None


def overruns(visits: Sequence[VisitFact], now: datetime) -> list[Overrun]:
    """The running visits that end some minutes after their plan or keep somebody waiting.

    They come in the order of `visits`, which is by time; `now` is local.
    """
    found = []
    for visit in visits:
        if visit.status is not InfusionStatus.IN_PROGRESS:
            continue
        until = ends_at(visit, now)
        turnover = visit.chair_until - visit.ends_at
        nobody: tuple[VisitFact | None, timedelta] = (None, NOTHING)
        after = _next_in_chair(visit, visits)
        wait = until + turnover - after.starts_at if after else NOTHING
        waits, longer = (after, wait) if after and wait > NOTHING else nobody
        if waits or until - visit.ends_at >= WORTH_SAYING:
            found.append(Overrun(visit, until, until - visit.ends_at, waits, longer))
    return found


def _next_in_chair(visit: VisitFact, visits: Sequence[VisitFact]) -> VisitFact | None:
    """The next visit that is still to be seated in the same chair."""
    later = [
        other
        for other in visits
        if other.chair_id == visit.chair_id and other.status in WAITING and other.starts_at > visit.starts_at
    ]
    return min(later, key=lambda other: other.starts_at, default=None)

"""A course in one line: its visits in the order of their dates, with the gaps between them.

A gap lies between two visits that count. Where a missed or cancelled visit stands between them, the gap is
said behind it, and the wider limits that a protocol allows after a miss hold.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.features.desk.dots import GONE, dot_state
from scheduler.features.desk.words import days, lacking, when
from scheduler.features.ratings.timing import Lack
from scheduler.models import InfusionStatus

STATE_WORDS = {
    InfusionStatus.SCHEDULED: "Scheduled",
    InfusionStatus.ARRIVED: "Arrived",
    InfusionStatus.IN_PROGRESS: "In the chair",
    InfusionStatus.COMPLETED: "Completed",
    InfusionStatus.MISSED: "Missed",
    InfusionStatus.CANCELLED: "Cancelled",
}


@dataclass(frozen=True)
class Limits:
    """The gaps a protocol allows, in days: between neighbours, and after a miss."""

    least: int
    most: int
    most_recovering: int


@dataclass(frozen=True)
class VisitRow:
    """One infusion as the line needs it, times at the site."""

    infusion_id: int
    number: int
    status: InfusionStatus
    status_reason: str | None
    stopped_early: bool
    counts: bool | None
    starts_at: datetime
    ends_at: datetime
    local_day: date
    chair: str


@dataclass(frozen=True)
class Stop:
    """One visit on the line (templates/parts/line6.html); the view puts the address of its page in."""

    infusion_id: int
    number: int
    state: str
    when: str
    lines: tuple[tuple[str, str], ...]
    gap: str | None
    gap_bad: bool
    href: str | None = None


def line_of(
    visits: Sequence[VisitRow], limits: Limits, lacks: Mapping[int, Sequence[Lack]], today: date
) -> list[Stop]:
    """The stops of a course, `visits` in the order of their dates; `lacks`: waiting ratings, by infusion."""
    gaps = _gaps(visits, limits)
    return [
        Stop(
            visit.infusion_id,
            visit.number,
            dot_state(visit, today),
            when(visit.starts_at, date(visit.starts_at.year, 1, 1)),
            _lines(visit, lacks.get(visit.infusion_id, ())),
            *gaps.get(at, (None, False)),
        )
        for at, visit in enumerate(visits)
    ]


def _lines(visit: VisitRow, lacks: Sequence[Lack]) -> tuple[tuple[str, str], ...]:
    told = STATE_WORDS[visit.status]
    if visit.status is InfusionStatus.COMPLETED and visit.stopped_early:
        told = "Stopped early"
    if visit.status in GONE and visit.status_reason:
        told += f": {visit.status_reason}"
    tone = "bad" if visit.status is InfusionStatus.MISSED else ""
    waits = ((lacking(lacks).removesuffix("."), "care"),) if lacks else ()
    return ((visit.chair, ""), (told, tone), *waits)


def _gaps(visits: Sequence[VisitRow], limits: Limits) -> dict[int, tuple[str, bool]]:
    """By position in `visits`: the gap that ends at the next one in words, and whether it is a breach."""
    counting = [at for at, visit in enumerate(visits) if visit.status not in GONE]
    found = {}
    for here, there in itertools.pairwise(counting):
        gap = (visits[there].local_day - visits[here].local_day).days
        most = limits.most if there == here + 1 else limits.most_recovering
        words = days(gap)
        if gap > most:
            words += f", not {most}"
        elif gap < limits.least:
            words += f", not {limits.least}"
        found[there - 1] = (words, not limits.least <= gap <= most)
    return found

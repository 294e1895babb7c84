"""Visits that were missed, cancelled or late: on which weekday, at which hour, booked how long before."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.sql import bound, bounds, columns, epoch
from scheduler.planning import wall_columns

LATE_MINUTES = 10
# From when a visit was given its time to its start, in whole days: the first day that no longer belongs.
LEADS = ((2, "Less than 2 days"), (7, "2 to 6 days"), (14, "1 to 2 weeks"), (28, "2 to 4 weeks"))
LONGEST_LEAD = "4 weeks or more"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
QUERY = """
    SELECT {start}, CASE {leads} ELSE {longest} END, count(*),
      sum(CASE WHEN i.status = 'missed' THEN 1 ELSE 0 END),
      sum(CASE WHEN i.status = 'cancelled' THEN 1 ELSE 0 END),
      sum(CASE WHEN i.arrived_at IS NOT NULL THEN 1 ELSE 0 END),
      sum(CASE WHEN {arrived} > {start} + {late} THEN 1 ELSE 0 END)
    FROM infusions i
    WHERE i.site_id = :site AND i.starts_at >= :first AND i.starts_at < :last AND i.starts_at < :now
      AND i.chair_id IS NOT NULL
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Line:
    """One row: of how many visits how many were missed, cancelled, came, and came late."""

    label: str
    visits: int
    missed: int
    cancelled: int
    came: int
    late: int


@dataclass(frozen=True)
class MissedReport:
    """The same visits cut three ways, rows without a visit left out but for lead times; and all of them."""

    weekdays: list[Line]
    hours: list[Line]
    leads: list[Line]
    whole: Line


def missed_report(session: Session, cover: Cover) -> MissedReport:
    """Count the visits whose start is past, at all sites of `cover`, each by its own clock."""
    parts = [_cells(session, cover, at) for at in range(len(cover.sites))]
    weekday, hour, lead, counts = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    leads = [label for _, label in LEADS] + [LONGEST_LEAD]
    return MissedReport(
        _lines(weekday, counts, list(WEEKDAYS), sparse=True),
        _lines(hour, counts, [f"{at:02d}:00" for at in range(24)], sparse=True),
        _lines(lead, counts, leads, sparse=False),
        Line("All visits", *(int(each) for each in counts.sum(axis=1))),
    )


Column = NDArray[np.int64]


def _cells(session: Session, cover: Cover, at: int) -> tuple[Column, Column, Column, Column]:
    """Weekday, hour, lead and the five counts of visits that begin together, of one site."""
    site = cover.sites[at]
    start = epoch(session, "i.starts_at")
    days = f"({start} - {epoch(session, 'i.scheduled_at')})"
    query = QUERY.format(
        start=start,
        arrived=epoch(session, "i.arrived_at"),
        late=LATE_MINUTES * 60,
        leads=" ".join(f"WHEN {days} < {limit * 86_400} THEN {n}" for n, (limit, _) in enumerate(LEADS)),
        longest=len(LEADS),
    )
    values = {**bounds(session, site, cover), "now": bound(session, cover.now)}
    seconds, lead, *counts = columns(session, query, values, 7)
    ordinal, minute = wall_columns(ZoneInfo(site.tz), seconds)
    return (ordinal.astype(np.int64) - 1) % 7, minute.astype(np.int64) // 60, lead, np.array(counts)


def _lines(group: Column, counts: Column, labels: list[str], *, sparse: bool) -> list[Line]:
    table = [np.bincount(group, row, len(labels)).astype(int).tolist() for row in counts]
    found = [Line(label, *numbers) for label, *numbers in zip(labels, *table, strict=True)]
    return [line for line in found if line.visits or not sparse]

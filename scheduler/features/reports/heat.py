"""A heat map as rows of cells: the number stands in every cell, the tint only helps the eye."""

from dataclasses import dataclass

import numpy as np

from scheduler.features.reports.grid import DAYS, Hours, share

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
TINTS = (10, 30, 50, 70, 85)
"""From these shares on (per cent) a cell is one step darker."""


@dataclass(frozen=True)
class Cell:
    """One hour of a weekday: `words` is the share or "–" where nothing was there; `tint` is 0 to 5."""

    words: str
    tint: int


@dataclass(frozen=True)
class HeatMap:
    """The hours across, and a row of cells for each weekday on which anything was there or used."""

    hours: list[int]
    rows: list[tuple[str, list[Cell]]]


def heat_map(used: Hours, there: Hours) -> HeatMap:
    """Both tables are (weekday, hour); hours before the first and after the last that count are left out."""
    counts = (used > 0) | (there > 0)
    hours = np.flatnonzero(counts.any(axis=0))
    span = list(range(int(hours[0]), int(hours[-1]) + 1)) if len(hours) else []
    rows = [
        (WEEKDAYS[day], [_cell(used[day, hour], there[day, hour]) for hour in span])
        for day in range(DAYS)
        if counts[day].any()
    ]
    return HeatMap(span, rows)


def _cell(used: float, there: float) -> Cell:
    part = share(used, there)
    if part is None:
        return Cell("0 open" if used else "–", 5 if used else 0)
    return Cell(f"{part}", sum(part >= limit for limit in TINTS))

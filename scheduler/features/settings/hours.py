"""A site's week of opening hours, in words and as bars of ten-minute slots."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.models import OpeningHours, Site

SLOT = 10
MOST_HOURS = 18  # The stylesheet has slots for no longer a day.


@dataclass(frozen=True)
class Bar:
    """An open stretch: its first slot, counted from 1, and how many it takes."""

    at: int
    slots: int


@dataclass(frozen=True)
class OpenDay:
    """One weekday (0 = Monday): open stretches in minutes, and the same as bars."""

    weekday: int
    spans: tuple[tuple[int, int], ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class OpenWeek:
    """Seven days drawn from `first_hour` on, `hours` long (0: too long to draw)."""

    first_hour: int
    hours: int
    days: tuple[OpenDay, ...]


def open_week(site: Site) -> OpenWeek:
    """The week of `site`, drawn from its earliest to its latest whole hour."""
    rows: Sequence[OpeningHours] = site.hours
    first = min((row.from_minute for row in rows), default=480) // 60
    last = -(-max((row.to_minute for row in rows), default=1080) // 60)
    hours = last - first if last - first <= MOST_HOURS else 0
    return OpenWeek(first, hours, tuple(_day(weekday, rows, first) for weekday in range(7)))


def _day(weekday: int, rows: Sequence[OpeningHours], first_hour: int) -> OpenDay:
    spans = tuple((row.from_minute, row.to_minute) for row in rows if row.weekday == weekday)
    bars = []
    for start, end in spans:
        at = (start - first_hour * 60) // SLOT
        bars.append(Bar(at + 1, -(-(end - first_hour * 60) // SLOT) - at))
    return OpenDay(weekday, spans, tuple(bars))

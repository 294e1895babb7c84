"""When a patient can come: half-days to tick, and exact hours where they matter.

A day is either ticked or written out: hours that are written replace the ticks of their day. Both halves
of a day are one window, because a whole visit must lie in one. All ticks and no hours is
"any time" and stores nothing; so is the form of a new patient.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scheduler.features.patients.data import Window
from scheduler.features.patients.fields import read_minutes
from scheduler.features.patients.refused import Refused

NOON, MIDNIGHT = 720, 1440
HALVES = {"a": (0, NOON), "p": (NOON, MIDNIGHT)}
ALL_TICKS = tuple(f"{day}{half}" for day in range(7) for half in HALVES)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEVER = "Tick at least one half-day, or write exact hours: without them no visit can be planned."


@dataclass(frozen=True)
class HoursRow:
    """One line of exact hours as typed: weekday "0" to "6" or "", and two times."""

    weekday: str = ""
    start: str = ""
    end: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the line says nothing, and so asks for nothing."""
        return not (self.start.strip() or self.end.strip())


def read_hours(row: HoursRow) -> Window:
    """One line of exact hours. Raises Refused with what to write."""
    if row.weekday not in {str(day) for day in range(7)}:
        raise Refused("Choose the weekday of these hours.")
    if not row.start.strip() or not row.end.strip():
        raise Refused("Write both times, from and to.")
    start, end = read_minutes(row.start), read_minutes(row.end, is_end=True)
    if start >= end:
        raise Refused("The second time must be later than the first.")
    return Window(int(row.weekday), start, end)


def windows_of(ticks: Iterable[str], exact: Sequence[Window]) -> tuple[Window, ...]:
    """The windows to store; none at all means any time. Raises Refused where nothing is left."""
    ticked = frozenset(ticks) & frozenset(ALL_TICKS)
    if not exact and len(ticked) == len(ALL_TICKS):
        return ()
    _refuse_overlaps(exact)
    written = {window.weekday for window in exact}
    found = [*exact]
    for day in range(7):
        if day not in written:
            found += _of_ticks(day, ticked)
    if not found:
        raise Refused(NEVER)
    return tuple(sorted(found))


def ticks_of(windows: Sequence[Window]) -> tuple[tuple[str, ...], tuple[Window, ...]]:
    """The ticks and the exact hours that show these windows: the way back from `windows_of`."""
    if not windows:
        return ALL_TICKS, ()
    ticks: list[str] = []
    exact: list[Window] = []
    for day in range(7):
        of_day = sorted(window for window in windows if window.weekday == day)
        shown = [code for code in (f"{day}a", f"{day}p") if of_day == _of_ticks(day, frozenset({code}))]
        if of_day == _of_ticks(day, frozenset({f"{day}a", f"{day}p"})):
            shown = [f"{day}a", f"{day}p"]
        ticks += shown
        exact += [] if shown else of_day
    return tuple(ticks), tuple(exact)


def _of_ticks(day: int, ticked: frozenset[str]) -> list[Window]:
    halves = [HALVES[half] for half in HALVES if f"{day}{half}" in ticked]
    return [Window(day, halves[0][0], halves[-1][1])] if halves else []


def _refuse_overlaps(exact: Sequence[Window]) -> None:
    ordered = sorted(exact)
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.from_minute < one.to_minute:
            raise Refused(f"Two lines of {DAYS[one.weekday]} overlap. Make them one.")

"""How full the chairs and the nurses are, hour by hour: planned visits laid over what was open.

Both are counted in ten-minute slots of the wall clock, as the planner counts them: a chair is in use from
the beginning of a visit to its end, and a nurse as the phases of its protocol say. The capacity is the
planner's own ground, so a report never disagrees with what could be booked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.planning import Ground, SessionType

NURSE = 12
DAYS, HOURS = 7, 24
Slots = NDArray[np.int64]
Hours = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Use:
    """Chairs and nurses, each used and there: hours by (weekday, hour) or by week, or slots by day."""

    chairs_used: Hours
    chairs_open: Hours
    nurses_used: Hours
    nurses_there: Hours

    @property
    def tables(self) -> tuple[Hours, Hours, Hours, Hours]:
        """The four in the order of the class."""
        return self.chairs_used, self.chairs_open, self.nurses_used, self.nurses_there

    def plus(self, other: "Use") -> "Use":
        """These and the others."""
        return Use(*(one + two for one, two in zip(self.tables, other.tables, strict=True)))


@dataclass(frozen=True, eq=False)
class Starts:
    """The visits of one site that begin together: day of the ground, slot of the day, kind, how many."""

    day: Slots
    slot: Slots
    kind: Slots
    many: Slots


def by_slot(ground: Ground, starts: Starts, kinds: Mapping[int, SessionType]) -> Use:
    """The use of one site in slots, by day and slot of the day."""
    slots = ground.clinic.slots_a_day
    open_, nurses = _widened(~ground.shut[0], ground, slots), _widened(ground.nurses[0], ground, slots)
    closed = np.zeros((len(ground.clinic.chairs), ground.days, slots), bool)
    for _, chair, day, low, high in ground.blocks.tolist():
        closed[chair, day - ground.first, low:high] = True
    there = open_ * (~closed).sum(axis=0)
    chair_slots, units = np.zeros((2, ground.days, slots))
    for number, kind in kinds.items():
        mine = starts.kind == number
        for at, load in enumerate(_profile(kind, ground.clinic.slot_min)):
            inside = mine & (starts.slot + at < slots)
            where = starts.day[inside] * slots + starts.slot[inside] + at
            now = np.bincount(where, starts.many[inside], ground.days * slots).reshape(ground.days, slots)
            chair_slots += now
            units += now * load
    return Use(chair_slots, there.astype(float), units / NURSE, nurses.astype(float))


def by_hour(use: Use, first_weekday: int) -> Use:
    """The use of each hour of each weekday, 0 for Monday, over all days."""

    def fold(table: Hours) -> Hours:
        hours = table.reshape(len(table), HOURS, -1).sum(axis=2) / (table.shape[1] // HOURS)
        folded = np.zeros((DAYS, HOURS))
        np.add.at(folded, (np.arange(len(table)) + first_weekday) % DAYS, hours)
        return folded

    return _each(use, fold)


def by_week(use: Use, first_weekday: int) -> Use:
    """The use of each calendar week, the first and the last as far as they are covered."""

    def fold(table: Hours) -> Hours:
        weeks = (np.arange(len(table)) + first_weekday) // DAYS
        return np.bincount(weeks, table.sum(axis=1)).astype(np.float64) / (table.shape[1] // HOURS)

    return _each(use, fold)


def share(used: float, there: float) -> int | None:
    """The whole per cent of what was there that was used; None where nothing was there."""
    return round(100 * used / there) if there > 0 else None


def _each(use: Use, fold: Callable[[Hours], Hours]) -> Use:
    return Use(*(fold(table) for table in use.tables))


def _profile(kind: SessionType, slot_min: int) -> Sequence[int]:
    return [phase.nurse_load for phase in kind.phases for _ in range(phase.minutes // slot_min)]


def _widened(table: NDArray[np.int32] | NDArray[np.bool_], ground: Ground, slots: int) -> Slots:
    """From the slots that any site is open in to those of the whole day."""
    wide = np.zeros((ground.days, slots), np.int64)
    wide[:, ground.slot0 : ground.slot0 + ground.slots] = table
    return wide

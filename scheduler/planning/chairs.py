"""Which chairs are free for a visit of a given length (rules R2 and R5, and closures of single chairs).

A chair is judged by starts, not slot by slot: a booking from b to e forbids every start
within (b - our own length, e). That is two marks a booking, and one running sum over the
marks judges all starts of all chairs and days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.planning.bookings import Bookings
from scheduler.planning.ground import Flags, Ground


@dataclass(frozen=True)
class Seats:
    """The chairs of a request, each with the position of its site, and what holds them.

    row, begin, finish, hold: by booking or closure, its chair and day as chair * days + day,
    its slots, and the turnover that our own visit would need before it.
    """

    ground: Ground
    days: int
    chairs: tuple[tuple[int, int], ...]
    row: NDArray[np.int64]
    begin: NDArray[np.int64]
    finish: NDArray[np.int64]
    hold: NDArray[np.int64]

    def taken(self, length: int) -> Flags:
        """Per (chair, day, start slot), whether a visit of `length` slots would meet something."""
        slots = self.ground.slots
        rows = len(self.chairs) * self.days
        # Slots come first in memory: a running sum is then one addition of whole rows a slot.
        marks = np.zeros((slots + 1, rows), np.int16)
        one = np.int16(1)  # of the marks' own type: with another one NumPy takes the slow way
        np.add.at(marks, (np.clip(self.begin - self.hold - length + 1, 0, slots), self.row), one)
        np.subtract.at(marks, (np.clip(self.finish, 0, slots), self.row), one)
        for slot in range(1, slots):
            marks[slot] += marks[slot - 1]
        return np.moveaxis(marks[:slots].reshape(slots, len(self.chairs), self.days) > 0, 0, 2)

    def any_free(self, taken: Flags, sites: int) -> Flags:
        """Per (site, day, start slot), whether some chair is free."""
        free = np.zeros((sites, *taken.shape[1:]), dtype=bool)
        owners = np.array([site for site, _ in self.chairs], np.int64)
        for site in range(sites):
            first, last = np.searchsorted(owners, [site, site + 1])
            if first < last:
                free[site] = ~taken[first:last].all(axis=0)
        return free

    def choose(self, cells: Sequence[tuple[Flags, int, int, int]]) -> list[str]:
        """A free chair for each (taken, site, day, slot); the most often free one, so that it can stay."""
        free = [
            [row for row, (owner, _) in enumerate(self.chairs) if owner == site and not taken[row, day, slot]]
            for taken, site, day, slot in cells
        ]
        often = [sum(row in rows for rows in free) for row in range(len(self.chairs))]
        picked = [min(rows, key=lambda row: (-often[row], row)) for rows in free]
        return [self.ground.clinic.chairs[self.chairs[row][1]][1].id for row in picked]

    def pick(self, taken: Flags, site: int, day: int, slot: int, wished: str) -> str:
        """A free chair at a start where there is one: the wished one if it can be, else the first."""
        names = self.ground.clinic.chairs
        free = [
            names[at][1].id
            for row, (owner, at) in enumerate(self.chairs)
            if owner == site and not taken[row, day, slot]
        ]
        return wished if wished in free else free[0]


def seats(
    ground: Ground, bookings: Bookings, sites: Sequence[int], chair_type: str | None, first: int, days: int
) -> Seats:
    """The chairs of the right type at `sites` (positions), over `days` days from ordinal `first`."""
    clinic = ground.clinic
    order = {site: at for at, site in enumerate(sites)}
    chairs = sorted(
        (order[site], at)
        for at, (site, chair) in enumerate(clinic.chairs)
        if site in order and chair_type in (None, chair.type)
    )
    place = np.full(len(clinic.chairs) + 1, -1, np.int64)  # the last one stands for NO_CHAIR
    place[[at for _, at in chairs]] = range(len(chairs))
    turnover = np.array([site.turnover_slots for site in clinic.sites], np.int64)
    lengths = np.array([kind.minutes // clinic.slot_min for kind in clinic.session_types], np.int64)
    block = ground.blocks
    after = turnover[bookings.site]
    seat = place[np.concatenate([bookings.chair, block[:, 1]])]
    day = np.concatenate([bookings.day, block[:, 2]]) - first
    begin = np.concatenate([bookings.slot, block[:, 3]]) - ground.slot0
    finish = np.concatenate([bookings.slot + lengths[bookings.type] + after, block[:, 4]]) - ground.slot0
    hold = np.concatenate([after, np.zeros(len(block), np.int64)])
    here = np.flatnonzero((seat >= 0) & (day >= 0) & (day < days))
    row = seat[here] * days + day[here]
    return Seats(ground, days, tuple(chairs), row, begin[here], finish[here], hold[here])

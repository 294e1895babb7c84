"""What the rest of a course costs from any day of any visit, for every day that the first one can have.

The span is counted from the first visit, so each of its days (a root) has a table of its own. All of them are
worked out at once, as sums and minima over whole arrays of days. Shapes: `n` visits, `r` roots, `d` days; all
figures are whole numbers, and what is at least FAR does not exist.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.planning.mending import Ailing, CourseVisit, Ints

FAR = 1 << 40
"""Above any objective; a few of them added up still are a whole number."""

Starts = Mapping[int, tuple[int, int]]
"""By day (ordinal) the cost and the minute of the cheapest start."""


@dataclass(frozen=True)
class Tables:
    """The days in order (d), what each visit costs on each (n, d), what each gap costs (n - 1 times d, d)."""

    course: Ailing
    days: Ints
    costs: Ints
    gaps: Sequence[Ints]

    @cached_property
    def roots(self) -> Ints:
        """The indices of the days that the first visit can have (r)."""
        return np.flatnonzero(self.costs[0] < FAR)

    @cached_property
    def onward(self) -> Sequence[Ints]:
        """By visit (r, d), what it and all after it cost, on a day, where the course begins on a root."""
        last = self.costs[-1] + self._spans()
        found = [np.minimum(last, FAR)]
        for cost, gap in zip(self.costs[-2::-1], self.gaps[::-1], strict=True):
            ahead = (gap[None, :, :] + found[0][:, None, :]).min(axis=2, initial=FAR)
            found.insert(0, np.minimum(cost + ahead, FAR))
        only = np.full_like(found[0], FAR)
        at = np.arange(len(self.roots)), self.roots
        only[at] = found[0][at]
        found[0] = only
        return found

    def up_to(self, at: int) -> Sequence[Ints]:
        """By visit up to `at` (d, d), what it and all before visit `at` cost, from a day to a day of `at`."""
        there = np.full((len(self.days), len(self.days)), FAR, dtype=np.int64)
        np.fill_diagonal(there, 0)
        found = [there]
        for cost, gap in zip(self.costs[:at][::-1], self.gaps[:at][::-1], strict=True):
            ahead = (gap[:, :, None] + found[0][None, :, :]).min(axis=1, initial=FAR)
            found.insert(0, np.minimum(cost[:, None] + ahead, FAR))
        return found

    def _spans(self) -> Ints:
        """What R11' costs from each root to each day (r, d)."""
        ends = self.days[None, :]
        begun = self.days[self.roots][:, None]
        over = np.maximum(ends - begun + 1 - self.course.span_max, 0)
        for row, root in enumerate(self.roots):
            for column in range(len(self.days)):
                if over[row, column] and self.course.as_long_as_it_was(
                    int(self.days[root]), int(self.days[column])
                ):
                    over[row, column] = 0
        if self.course.strain:
            spans: Ints = self.course.strain // 10 * over
        else:
            spans = np.where(over > 0, FAR, 0)
        return np.where(ends >= begun, spans, FAR)


def lay_out(course: Ailing, starts: Sequence[Starts]) -> Tables:
    """The tables of a course whose visits have these `starts`."""
    days = sorted({day for table in starts for day in table})
    at = {day: index for index, day in enumerate(days)}
    costs = np.full((len(starts), len(days)), FAR, dtype=np.int64)
    for row, table in enumerate(starts):
        for day, (cost, _) in table.items():
            costs[row, at[day]] = cost
    ordinals = np.array(days, dtype=np.int64)
    pairs = zip(course.visits, course.visits[1:], strict=False)
    return Tables(course, ordinals, costs, [_gaps(course, v, w, ordinals) for v, w in pairs])


def _gaps(course: Ailing, before: CourseVisit, after: CourseVisit, days: Ints) -> Ints:
    """What the gap between two neighbours costs from each day to each day (d, d): R10', and the target."""
    steps, protocol = after.k - before.k, course.request.protocol
    apart = days[None, :] - days[:, None]
    off = np.maximum(np.maximum(steps * protocol.gap_min - apart, apart - steps * course.gap_max), 0)
    if before.done and after.done:
        off[:] = 0
    elif course.settled and before.day is not None and after.day is not None:
        off[np.ix_(days == before.day.toordinal(), days == after.day.toordinal())] = 0
    cost: Ints = np.zeros_like(apart)
    if not after.done:
        cost = course.weights.gap * np.abs(apart - steps * protocol.gap_target)
    if course.strain:
        return np.where((off == 0) | (apart > 0), cost + course.strain * off, FAR)
    return np.where(off == 0, cost, FAR)

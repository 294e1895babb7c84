"""The exact optimum of one course.

Visits of one course fall on different days, so they compete for nothing and are tied
together only by their dates and by the hour they share. With the shared hour τ fixed the
cheapest start of a visit on a day is known on its own, and what remains is a shortest path
over (visit, first day, days since it), done for every τ and every (site, first day) at
once. A median of the starts minimises the sum of their distances and is itself a start,
so trying every possible start as τ proves the optimum.

The path is walked from the last visit to the first: `togo[k]` then says what the rest
costs from any state, which gives back the plan by walking forward, and gives the search
for alternatives a bound that is exact.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.planning.ground import Flags
from scheduler.planning.masks import Field
from scheduler.planning.request import Protocol, Weights

Costs = NDArray[np.int64]

NEVER = 1 << 60


@dataclass(frozen=True)
class Tables:
    """The finished programme of one field under one set of weights.

    starts: (row, slot) cost of a start by kind of visit, `NEVER` where it is impossible, a
    row being site * days + day; taus: the slots tried as shared hour; roots: (site, day) of
    each possible first visit; early: what each root costs for being late; low: for each
    visit the first day offset of its table; togo: for each visit (offset, root, τ) the
    cheapest cost from it to the end.
    """

    field: Field
    weights: Weights
    starts: dict[str, Costs]
    taus: NDArray[np.int64]
    roots: list[tuple[int, int]]
    early: Costs
    low: list[int]
    togo: list[Costs]

    def gap_cost(self, gap: int) -> int:
        """What a gap of so many days costs."""
        return self.weights.gap * abs(gap - self.field.request.protocol.gap_target)

    def start_costs(self, k: int, root: int, offset: int) -> Costs:
        """The costs, by slot, of visit `k` (from 0) so many days after the root."""
        site, day = self.roots[root]
        kind = self.field.request.protocol.types[k]
        costs: Costs = self.starts[kind][site * self.field.days + day + offset]
        return costs

    def steps(self, k: int, offset: int) -> list[tuple[int, int]]:
        """The (gap, offset) that visit `k` + 1 can have after visit `k` at `offset`."""
        protocol, low = self.field.request.protocol, self.low[k + 1]
        high = low + len(self.togo[k + 1])
        gaps = range(protocol.gap_min, protocol.gap_max + 1)
        return [(gap, offset + gap) for gap in gaps if low <= offset + gap < high]


def tabulate(field: Field, weights: Weights) -> Tables:
    """Run the programme on a field."""
    starts = {kind: _start_costs(field, kind, weights) for kind in field.free}
    open_slots = np.zeros(len(field.minutes), dtype=bool)
    for free in field.free.values():
        open_slots |= free.any(axis=(0, 1))
    taus = np.flatnonzero(open_slots)
    hours = {kind: _by_hour(costs, taus, weights.same) for kind, costs in starts.items()}
    roots = _roots(field)
    offset = field.first - field.request.first_day_min.toordinal()
    early = np.array([weights.early * (day + offset) for _, day in roots], np.int64)
    low, togo = _walk_back(field, weights, hours, roots, len(taus))
    return Tables(field, weights, starts, taus, roots, early, low, togo)


def wishes(field: Field) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Slots outside the preferred window by slot, and whether each day falls on an avoided weekday."""
    preference = field.request.preference
    if preference.window is None:
        liked = np.zeros(len(field.minutes), np.int64)
    else:
        early, late = preference.window
        outside = np.maximum(0, np.maximum(early - field.minutes, field.minutes - late))
        liked = -(-outside // field.clinic.slot_min)
    weekdays = (np.arange(field.days) + field.first - 1) % 7
    return liked, np.isin(weekdays, list(preference.avoid_weekdays)).astype(np.int64)


def _start_costs(field: Field, kind: str, weights: Weights) -> Costs:
    liked, shunned = wishes(field)
    costs = weights.load * field.load[kind].astype(np.int64)
    costs += weights.pref * liked + weights.weekday * shunned[:, None]
    return np.where(field.free[kind], costs, NEVER).reshape(len(field.sites) * field.days, len(field.minutes))


def _by_hour(costs: Costs, taus: NDArray[np.int64], same: int) -> Costs:
    """Per (row, τ) the cheapest start with its distance from τ: a lower envelope of cones, in two sweeps."""
    slope = same * np.arange(costs.shape[1])
    upward = np.minimum.accumulate(costs - slope, axis=1) + slope
    downward = np.minimum.accumulate((costs + slope)[:, ::-1], axis=1)[:, ::-1] - slope
    return np.minimum(upward, downward)[:, taus]


def _roots(field: Field) -> list[tuple[int, int]]:
    """The (site, day) on which the first visit can be."""
    request = field.request
    last = request.first_day_max.toordinal() - field.first
    possible: Flags = np.any(field.free[request.protocol.types[0]], axis=2)[:, : max(0, last + 1)]
    return [(int(site), int(day)) for site, day in np.argwhere(possible)]


def offset_range(protocol: Protocol, k: int) -> tuple[int, int]:
    """The first and last day, counted from the first visit, that visit `k` (from 0) can have."""
    after = protocol.n - 1 - k
    low = max(k * protocol.gap_min, protocol.span_min - 1 - after * protocol.gap_max)
    high = min(k * protocol.gap_max, protocol.span_max - 1 - after * protocol.gap_min)
    return low, high


def _walk_back(
    field: Field, weights: Weights, hours: dict[str, Costs], roots: list[tuple[int, int]], taus: int
) -> tuple[list[int], list[Costs]]:
    protocol = field.request.protocol
    site_row = np.array([site * (field.days + 1) for site, _ in roots], np.int64)
    root_day = np.array([day for _, day in roots], np.int64)
    padded = {kind: _with_last_day_never(costs, field) for kind, costs in hours.items()}
    ranges = [offset_range(protocol, k) for k in range(protocol.n)]
    widest = max(0, *(high - low + 1 for low, high in ranges))
    # Two arrays serve all steps: to touch fresh memory costs more than to add.
    least, sums = np.empty((2, widest, len(roots), taus), np.int64)
    lows, togo = [low for low, _ in ranges], [np.zeros((0, len(roots), taus), np.int64)] * protocol.n
    for k in range(protocol.n - 1, -1, -1):
        low, high = ranges[k]
        width = max(0, high - low + 1)
        days = np.minimum(np.arange(low, low + width)[:, None] + root_day, field.days)
        costs = padded[protocol.types[k]].take(site_row + days, axis=0)
        if k < protocol.n - 1:
            _cheapest_next(protocol, weights, low - lows[k + 1], togo[k + 1], least[:width], sums)
            costs += least[:width]
            np.minimum(costs, NEVER, out=costs)
        togo[k] = costs
    return lows, togo


def _with_last_day_never(costs: Costs, field: Field) -> Costs:
    """The same rows with one more day a site, on which nothing can be: the days beyond the horizon."""
    sites, taus = len(field.sites), costs.shape[1]
    wide = np.full((sites, field.days + 1, taus), NEVER, np.int64)
    wide[:, :-1] = costs.reshape(sites, field.days, taus)
    return wide.reshape(sites * (field.days + 1), taus)


def _cheapest_next(
    protocol: Protocol, weights: Weights, ahead: int, following: Costs, least: Costs, sums: Costs
) -> None:
    """Write into `least`, by offset, the least of gap cost and the next visit's table.

    `ahead` is by how much the first offset of `least` exceeds that of `following`; `sums` is scratch.
    """
    least.fill(NEVER)
    for gap in range(protocol.gap_min, protocol.gap_max + 1):
        shift = ahead + gap
        here = slice(max(0, -shift), max(0, min(len(least), len(following) - shift)))
        if here.start < here.stop:
            penalty = weights.gap * abs(gap - protocol.gap_target)
            np.add(following[here.start + shift : here.stop + shift], penalty, out=sums[here])
            np.minimum(least[here], sums[here], out=least[here])

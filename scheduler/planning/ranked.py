"""The next best plan that really differs from those already found.

Really different means another first day, or at least 3 dates the other has not, or a lower
median start at least 60 minutes away. The search is best-first over partial date
sequences. Its bound is the programme's own table of costs to go, which is exact, so it
walks straight to the cheapest sequence, then to the next, and stops at the first that
differs: nothing cheaper was left out.

Sequences are kept apart by site and first day (a root) and, where an earlier plan has the
same first day, by zones of the median too, cut at 60 minutes below and above the earlier
medians. Inside a zone it is settled for the whole zone which earlier plans are near in
hour, and those are then really different by their dates or not at all. A median m lies in
the zone [low, high) exactly when fewer than half of the starts lie below low and at least
half below high; counting starts below and above the zone makes the cost of a sequence
exact. The shared hour may be taken from the zone alone, since the median is one.

Only sequences within 2 dates of an earlier plan can be found and thrown away, so the work
grows with the number of plans, never with a power of it.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from scheduler.planning.optimum import best, make_plan
from scheduler.planning.programme import NEVER, Costs, Tables
from scheduler.planning.results import Plan

HOUR = 60


@dataclass(frozen=True, slots=True)
class _Zone:
    """Shared hours (positions in `taus`) to try, the median's bounds in slots, dates to differ from."""

    taus: slice
    low: int
    high: int
    near: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class _Path:
    """The first visits of a plan, in days since the root, and their cost by shared hour."""

    root: int
    zone: _Zone
    offsets: tuple[int, ...]
    spent: Costs
    slots: tuple[int, ...] = ()


def alternatives(tables: Tables, wanted: int) -> list[Plan]:
    """Up to `wanted` plans beyond the best one, in order, each really different from all before it."""
    first = best(tables)
    found = [first] if first else []
    while found and len(found) <= wanted:
        plan = next_different(tables, found)
        if plan is None:
            break
        found.append(plan)
    return found[1:]


def next_different(tables: Tables, earlier: Sequence[Plan]) -> Plan | None:
    """The cheapest plan that is really different from every earlier one, or None."""
    if not tables.togo[0].size:
        return None
    return _Search(tables, earlier).run()


class _Search:
    def __init__(self, tables: Tables, earlier: Sequence[Plan]) -> None:
        self.tables, self.earlier = tables, earlier
        self.n = tables.field.request.protocol.n
        self.order = count()
        self.heap: list[tuple[int, int, _Path]] = []

    def run(self) -> Plan | None:
        for root in range(len(self.tables.roots)):
            for zone in self._zones(root):
                self._push(
                    _Path(root, zone, (0,), np.zeros(len(range(*zone.taus.indices(self._taus))), np.int64))
                )
        while self.heap:
            _, _, path = heapq.heappop(self.heap)
            if path.slots:
                return make_plan(self.tables, path.root, path.offsets, path.slots)
            if len(path.offsets) < self.n:
                self._extend(path)
            elif self._dates_differ(path):
                self._settle(path)
        return None

    @property
    def _taus(self) -> int:
        return len(self.tables.taus)

    def _push(self, path: _Path) -> None:
        k, last = len(path.offsets) - 1, path.offsets[-1]
        rest = self.tables.togo[k][last - self.tables.low[k], path.root, path.zone.taus]
        whole = path.spent + rest
        if whole.size and (least := int(whole.min()) + int(self.tables.early[path.root])) < NEVER // 2:
            heapq.heappush(self.heap, (least, next(self.order), path))

    def _extend(self, path: _Path) -> None:
        k, last = len(path.offsets) - 1, path.offsets[-1]
        togo, low = self.tables.togo, self.tables.low
        here = togo[k][last - low[k], path.root, path.zone.taus]
        steps = self.tables.steps(k, last)
        nexts = [
            togo[k + 1][offset - low[k + 1], path.root, path.zone.taus] + self.tables.gap_cost(gap)
            for gap, offset in steps
        ]
        if not nexts:
            return
        own = here - np.minimum.reduce(nexts)  # what visit k alone costs, by shared hour
        open_hours = here < NEVER // 2
        spent = np.where(open_hours, path.spent + own, NEVER)
        for gap, offset in steps:
            self._push(
                _Path(path.root, path.zone, (*path.offsets, offset), spent + self.tables.gap_cost(gap))
            )

    def _zones(self, root: int) -> list[_Zone]:
        """One zone of all hours where no earlier plan starts that day; else the day's hours, cut up."""
        field, taus = self.tables.field, self.tables.taus
        day = field.first + self.tables.roots[root][1]
        rivals = [plan for plan in self.earlier if plan.days[0].toordinal() == day]
        slots = len(field.minutes)
        cuts = {0, slots}
        for plan in rivals:
            cuts.add(int(np.searchsorted(field.minutes, plan.median_minute - HOUR, side="right")))
            cuts.add(int(np.searchsorted(field.minutes, plan.median_minute + HOUR, side="left")))
        edges = sorted(cuts)
        zones = []
        for low, high in pairwise(edges):
            first, last = np.searchsorted(taus, [low, high])
            minute = field.minutes[low]
            near = tuple(
                frozenset(each.toordinal() - day for each in plan.days)
                for plan in rivals
                if abs(plan.median_minute - minute) < HOUR
            )
            zones.append(_Zone(slice(int(first), int(last)), low, high, near))
        return zones

    def _dates_differ(self, path: _Path) -> bool:
        mine = set(path.offsets)
        return all(len(mine - dates) >= 3 for dates in path.zone.near)

    def _settle(self, path: _Path) -> None:
        """Put a date sequence back with its exact cost in the zone and its starts."""
        starts = [self.tables.start_costs(k, path.root, offset) for k, offset in enumerate(path.offsets)]
        cost, slots = _cheapest_in_zone(starts, self.tables, path.zone)
        if slots:
            gaps = sum(self.tables.gap_cost(b - a) for a, b in pairwise(path.offsets))
            whole = cost + gaps + int(self.tables.early[path.root])
            done = _Path(path.root, path.zone, path.offsets, path.spent, slots)
            heapq.heappush(self.heap, (whole, next(self.order), done))


def _cheapest_in_zone(starts: list[Costs], tables: Tables, zone: _Zone) -> tuple[int, tuple[int, ...]]:
    """The cheapest start slots with their lower median in the zone, and their cost without gaps; () if none.

    For every shared hour of the zone, over (starts below the zone, starts above it).
    """
    taus, n = tables.taus[zone.taus], len(starts)
    half = (n + 1) // 2
    slots = np.arange(len(starts[0]))
    distance = tables.weights.same * np.abs(slots - taus[:, None])
    parts = slice(0, zone.low), slice(zone.low, zone.high), slice(zone.high, None)
    none: tuple[int, ...] = ()
    states = {(0, 0): (np.zeros(len(taus), np.int64), np.zeros((len(taus), 0), np.int64))}
    for costs in starts:
        near = costs + distance
        following: dict[tuple[int, int], tuple[Costs, Costs]] = {}
        for (below, above), (cost, chosen) in states.items():
            for at, part in enumerate(parts):
                key = below + (at == 0), above + (at == 2)
                if near[:, part].shape[1] == 0 or key[0] > half - 1 or key[1] > n - half:
                    continue
                pick = near[:, part].argmin(axis=1) + (part.start or 0)
                new = np.minimum(cost + near[np.arange(len(taus)), pick], NEVER)
                trail = np.column_stack([chosen, pick])
                if key in following:
                    better = new < following[key][0]
                    new = np.where(better, new, following[key][0])
                    trail = np.where(better[:, None], trail, following[key][1])
                following[key] = new, trail
        states = following
    options = [
        (int(cost.min()), tuple(int(slot) for slot in trail[cost.argmin()]))
        for cost, trail in states.values()
        if cost.size
    ]
    least = min(options, default=(NEVER, none))
    return least if least[0] < NEVER // 2 else (NEVER, none)

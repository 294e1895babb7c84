"""The next best plan that really differs from those already found.

Really different means another first day, or at least 3 dates the other has not, or a lower
median start at least 60 minutes away. The search is best-first over partial date
sequences. Its bound is the programme's own table of costs to go, which is exact, so it
walks straight to the cheapest sequence, then to the next, and stops at the first that
differs: nothing cheaper was left out.

A plan with a first day of its own differs already: the best of those is read out of the
tables, and bounds the search among the others. These are kept apart by site and first day
(a root) and by zones of the median, cut at 60 minutes below and above the earlier medians.
Inside a zone it is settled which earlier plans are near in hour, and a plan differs from
those by its dates or not at all. A median lies in the zone [low, high) exactly when fewer
than half of the starts lie below low and at least half below high; counting starts below
and above the zone makes the cost of a sequence exact. The shared hour may be taken from
the zone alone, since the median is one.

Only sequences within 2 dates of an earlier plan can be found and thrown away, so the work
grows with the number of plans, never with a power of it.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise

import numpy as np

from scheduler.planning.optimum import best, make_plan, read_plan
from scheduler.planning.programme import NEVER, Costs, Tables
from scheduler.planning.results import Plan, lower_median

HOUR = 60
_FAR = NEVER // 64
"""More than any real cost, and small enough that one for each visit still sums to less than `NEVER`."""


@dataclass(frozen=True, slots=True)
class _Zone:
    """Shared hours (positions in `taus`) to try, the median's bounds in slots, dates to differ from."""

    taus: slice
    low: int
    high: int
    near: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class _Path:
    """The first visits of a plan: days since the root, their own costs by shared hour, and their gaps'."""

    root: int
    zone: _Zone
    offsets: tuple[int, ...]
    spent: Costs
    gaps: int = 0
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
    first_days = {plan.days[0].toordinal() - tables.field.first for plan in earlier}
    rivals = np.array([day in first_days for _, day in tables.roots])
    elsewhere = np.where(rivals[:, None], NEVER, tables.togo[0][0] + tables.early[:, None])
    root, tau = divmod(int(elsewhere.argmin()), elsewhere.shape[1])
    bound = min(int(elsewhere[root, tau]), NEVER // 2)
    nearby = _Search(tables, earlier, np.flatnonzero(rivals).tolist(), bound).run()
    return nearby or (read_plan(tables, root, tau) if bound < NEVER // 2 else None)


class _Search:
    """The search among the roots whose first day an earlier plan has, for a plan cheaper than `bound`."""

    def __init__(self, tables: Tables, earlier: Sequence[Plan], roots: Sequence[int], bound: int) -> None:
        self.tables, self.earlier, self.roots, self.bound = tables, earlier, roots, bound
        self.n = tables.field.request.protocol.n
        self.order = count()
        self.heap: list[tuple[int, int, int, _Path]] = []

    def run(self) -> Plan | None:
        for root in self.roots:
            for zone in self._zones(root):
                whole = self.tables.togo[0][0, root, zone.taus] + self.tables.early[root]
                if whole.size:
                    self._keep(int(whole.min()), _Path(root, zone, (0,), np.zeros_like(whole)))
        while self.heap:
            path = heapq.heappop(self.heap)[-1]
            if path.slots:
                return make_plan(self.tables, path.root, path.offsets, path.slots)
            if len(path.offsets) < self.n:
                self._extend(path)
            else:
                self._settle(path)
        return None

    def _keep(self, least: int, path: _Path) -> None:
        """Among equals the path that is furthest goes on first: there are many, and one is enough."""
        if least < self.bound and self._can_differ(path):
            depth = len(path.offsets) + len(path.slots)
            heapq.heappush(self.heap, (least, -depth, next(self.order), path))

    def _can_differ(self, path: _Path) -> bool:
        """Whether the path can still come to 3 dates that a near plan has not, for each near plan."""
        mine, to_come = set(path.offsets), self.n - len(path.offsets)
        return all(len(mine - dates) + to_come >= 3 for dates in path.zone.near)

    def _extend(self, path: _Path) -> None:
        k, last = len(path.offsets) - 1, path.offsets[-1]
        steps = self.tables.steps(k, last)
        if not steps:
            return
        low, togo = self.tables.low, self.tables.togo
        gaps = [self.tables.gap_cost(gap) for gap, _ in steps]
        first = steps[0][1] - low[k + 1]
        rest = togo[k + 1][first : first + len(steps), path.root, path.zone.taus] + np.array(gaps)[:, None]
        here = togo[k][last - low[k], path.root, path.zone.taus]
        # What the table has to go from here, less the cheapest way on, is what visit k costs by itself.
        spent = np.where(here < NEVER // 2, path.spent + here - rest.min(axis=0), NEVER)
        so_far = path.gaps + int(self.tables.early[path.root])
        for least, gap, (_, offset) in zip((spent + rest).min(axis=1).tolist(), gaps, steps, strict=True):
            further = _Path(path.root, path.zone, (*path.offsets, offset), spent, path.gaps + gap)
            self._keep(least + so_far, further)

    def _zones(self, root: int) -> list[_Zone]:
        """The hours of the day, cut up by the medians of the earlier plans that start that day."""
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

    def _settle(self, path: _Path) -> None:
        """Put a date sequence back with its exact cost in the zone and its starts."""
        starts = [self.tables.start_costs(k, path.root, offset) for k, offset in enumerate(path.offsets)]
        cost, slots = _cheapest_in_zone(starts, self.tables, path.zone)
        if slots:
            whole = cost + path.gaps + int(self.tables.early[path.root])
            self._keep(whole, replace(path, slots=slots))


def _cheapest_in_zone(starts: list[Costs], tables: Tables, zone: _Zone) -> tuple[int, tuple[int, ...]]:
    """The cheapest start slots with their lower median in the zone, and their cost less gaps; () if none."""
    taus = tables.taus[zone.taus]
    distance = tables.weights.same * np.abs(np.arange(len(starts[0])) - taus[:, None])
    near = [np.minimum(costs + distance, _FAR) for costs in starts]
    whole = np.add.reduce([costs.min(axis=1) for costs in near])
    tau = int(whole.argmin())
    slots = tuple(int(costs[tau].argmin()) for costs in near)
    if whole[tau] >= _FAR:
        return NEVER, ()
    if zone.low <= lower_median(slots) < zone.high:
        return int(whole[tau]), slots
    return _counted(near, zone)


def _counted(near: list[Costs], zone: _Zone) -> tuple[int, tuple[int, ...]]:
    """The same where the free choice has its median elsewhere: by (starts below the zone, starts above it).

    `near` is by visit the cost of each (shared hour of the zone, slot).
    """
    n, taus = len(near), np.arange(len(near[0]))
    half = (n + 1) // 2
    edges = (0, zone.low), (zone.low, zone.high), (zone.high, near[0].shape[1])
    parts = [(at, first, last) for at, (first, last) in enumerate(edges) if first < last]
    states = {(0, 0): (np.zeros(len(taus), np.int64), np.zeros((len(taus), 0), np.int64))}
    for costs in near:
        following: dict[tuple[int, int], tuple[Costs, Costs]] = {}
        for (below, above), (spent, chosen) in states.items():
            for at, first, last in parts:
                key = below + (at == 0), above + (at == 2)
                if key[0] >= half or key[1] > n - half:
                    continue
                pick = costs[:, first:last].argmin(axis=1) + first
                new = spent + costs[taus, pick], np.column_stack([chosen, pick])
                following[key] = _cheaper(following[key], new) if key in following else new
        states = following
    ends = [(int(cost.min()), tuple(chosen[cost.argmin()].tolist())) for cost, chosen in states.values()]
    least = min(ends, default=(NEVER, ()))
    return least if least[0] < _FAR else (NEVER, ())


def _cheaper(one: tuple[Costs, Costs], other: tuple[Costs, Costs]) -> tuple[Costs, Costs]:
    """By shared hour the cheaper of two costs, with its chosen slots."""
    first = one[0] <= other[0]
    return np.where(first, one[0], other[0]), np.where(first[:, None], one[1], other[1])

"""The cheapest ways through the days of one course, in order.

The path is walked from the last visit to the first, for each day that the first one can have (the span is
counted from it). What the rest costs from any day is then known exactly, so a search that always goes on with
the most promising beginning meets the complete repairs in order of their objective, the optimum first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from itertools import chain, islice, pairwise

import numpy as np

from scheduler.planning.mending import Ailing, CourseVisit, Ints, Ward, start_costs, starts_of
from scheduler.planning.mending_tables import FAR, Starts, Tables, lay_out

LOOKED_AT = 400
"""So many repairs, best first, are looked at for ones that differ; after the first few they differ little."""


@dataclass(frozen=True, slots=True)
class MendedVisit:
    """An open visit of a repaired course. `moved`: its start was another one before."""

    k: int
    day: date
    minute: int
    chair: str
    moved: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """A repaired course: the objective of section 6 and its open visits in order."""

    objective: int
    visits: tuple[MendedVisit, ...]

    @property
    def moved(self) -> tuple[int, ...]:
        """The visits that start at another time than before."""
        return tuple(visit.k for visit in self.visits if visit.moved)

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the open visits."""
        return tuple(visit.day for visit in self.visits)


def repairs(ward: Ward, course: Ailing) -> Iterator[Mended]:
    """Repairs in order of their objective, one for each choice of days; none where nothing fits."""
    starts = [_cheapest(ward, course, visit) for visit in course.visits]
    for objective, days in _paths(lay_out(course, starts)):
        yield _mended(ward, course, starts, objective, days)


def ranked_repairs(ward: Ward, course: Ailing, wanted: int) -> list[Mended]:
    """The optimum and what really differs from it: first by which visits move, then by dates.

    Those with the fewest visits moved come first, then those of the smaller objective.
    """
    starts = [_cheapest(ward, course, visit) for visit in course.visits]
    found = list(islice(_paths(lay_out(course, starts)), LOOKED_AT))
    first: dict[tuple[int, ...], int] = {}
    for at, (_, days) in enumerate(found):
        first.setdefault(_moved(course, starts, days), at)
    chosen = sorted(first.values())
    others = (at for at in range(len(found)) if at not in chosen)
    picked = [_mended(ward, course, starts, *found[at]) for at in islice(chain(chosen, others), wanted)]
    return sorted(picked, key=lambda each: (len(each.moved), each.objective))


def _moved(course: Ailing, starts: Sequence[Starts], days: Sequence[int]) -> tuple[int, ...]:
    """The visits that start at another time than before, with the course on these days."""
    return tuple(
        visit.k
        for visit, table, day in zip(course.visits, starts, days, strict=True)
        if _is_moved(visit, day, table[day][1])
    )


def free_starts(ward: Ward, course: Ailing, k: int) -> dict[date, list[int]]:
    """Days and minutes for visit `k` that keep every rule with all other visits as they are."""
    at = next(i for i, visit in enumerate(course.visits) if visit.k == k)
    found: dict[date, list[int]] = {}
    allowed = starts_of(ward, course, course.visits[at])
    for row in np.flatnonzero(allowed.any(axis=1)):
        day = ward.field.first + int(row)
        if _stands(course, at, day):
            found[date.fromordinal(day)] = [int(minute) for minute in ward.field.minutes[allowed[row]]]
    return found


def ripples(ward: Ward, course: Ailing, k: int) -> dict[date, tuple[int, ...]]:
    """By day for visit `k`, which other visits the cheapest repair with it there moves.

    It is exact, since what the others cost depends on its day alone. Days for which no others can make room
    are left out.
    """
    at = next(i for i, visit in enumerate(course.visits) if visit.k == k)
    starts = [_cheapest(ward, course, visit) for visit in course.visits]
    tables = lay_out(course, starts)
    if not len(tables.roots):
        return {}
    before, onward = tables.up_to(at), tables.onward
    whole = before[0][tables.roots] + (onward[at] if at else onward[0])
    found = {}
    for there in np.flatnonzero(whole.min(axis=0) < FAR):
        days = _through(tables, before, at, int(there), int(whole[:, there].argmin()))
        others = tuple(number for number in _moved(course, starts, days) if number != k)
        found[date.fromordinal(int(tables.days[there]))] = others
    return found


def _through(tables: Tables, before: Sequence[Ints], at: int, there: int, row: int) -> list[int]:
    """The days of the cheapest way from a root through one day of visit `at`."""
    path = [int(tables.roots[row])]
    for i in range(1, len(tables.costs)):
        ahead = before[i][:, there] if i <= at else tables.onward[i][row]
        path.append(int((tables.gaps[i - 1][path[-1]] + ahead).argmin()))
    return [int(tables.days[index]) for index in path]


def _is_moved(visit: CourseVisit, ordinal: int, minute: int) -> bool:
    """Whether an open visit would start at another time than it has."""
    if visit.done or visit.day is None:
        return False
    return (visit.day.toordinal(), visit.minute) != (ordinal, minute)


def _stands(course: Ailing, at: int, day: int) -> bool:
    """Whether one visit on a day keeps R10' and R11' with the others where they are."""
    days = [day if i == at else _ordinal(visit) for i, visit in enumerate(course.visits)]
    pairs = zip(pairwise(course.visits), pairwise(days), strict=True)
    return course.may_span(days[0], days[-1]) and all(
        course.may_follow(v, a, w, b) for (v, w), (a, b) in pairs
    )


def _ordinal(visit: CourseVisit) -> int:
    if visit.day is None:
        raise ValueError(f"Visit {visit.k} has no day.")
    return visit.day.toordinal()


def _fixed(course: Ailing, visit: CourseVisit) -> bool:
    return visit.done or visit.k in course.stay


def _cheapest(ward: Ward, course: Ailing, visit: CourseVisit) -> Starts:
    """The cheapest start of a visit by day; a visit that stays has its own and no other."""
    if _fixed(course, visit):
        return {_ordinal(visit): (0 if visit.done else _own_cost(ward, course, visit), visit.minute or 0)}
    field = ward.field
    allowed = starts_of(ward, course, visit)
    days = np.flatnonzero(allowed.any(axis=1))
    costs = start_costs(course, field.clinic.slot_min, visit, days + field.first, field.minutes)
    costs = np.where(allowed[days], costs, FAR)
    slots = costs.argmin(axis=1)
    found = {
        int(day) + field.first: (int(costs[row, slots[row]]), int(field.minutes[slots[row]]))
        for row, day in enumerate(days)
    }
    if _may_keep(course, visit):
        own, kept = _ordinal(visit), (_own_cost(ward, course, visit), visit.minute or 0)
        found[own] = min(found.get(own, kept), kept)
    return found


def _own_cost(ward: Ward, course: Ailing, visit: CourseVisit) -> int:
    """What an open visit costs where it stands."""
    day, minute = np.array([_ordinal(visit)]), np.array([visit.minute or 0])
    return int(start_costs(course, ward.field.clinic.slot_min, visit, day, minute)[0, 0])


def _may_keep(course: Ailing, visit: CourseVisit) -> bool:
    """Whether a visit may stay at its start whatever it breaks there: `settled`, ahead, and not pinned."""
    if not course.settled or visit.day is None or visit.k in course.pins:
        return False
    start = datetime.combine(visit.day, time()) + timedelta(minutes=visit.minute or 0)
    return start > course.now


def _paths(tables: Tables) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(objective, days) of all complete choices of days, best first; on a tie the earlier days.

    Under strain a tenth of what a gap would cost is what a day beyond the longest course costs, so that no
    gap gives way for the whole.
    """
    onward = tables.onward
    heap: list[tuple[int, tuple[int, ...], int, int]] = []
    for row, root in enumerate(tables.roots):
        if (bound := int(onward[0][row, root])) < FAR:
            heap.append((bound, (int(root),), int(tables.costs[0, root]), row))
    heapify(heap)
    while heap:
        bound, path, spent, row = heappop(heap)
        at = len(path)
        if at == len(onward):
            yield bound, tuple(int(tables.days[index]) for index in path)
            continue
        gaps = tables.gaps[at - 1][path[-1]]
        rest = gaps + onward[at][row]
        for index in np.flatnonzero(rest < FAR):
            step = spent + int(gaps[index]) + int(tables.costs[at, index])
            heappush(heap, (spent + int(rest[index]), (*path, int(index)), step, row))


def _mended(
    ward: Ward, course: Ailing, starts: Sequence[Starts], objective: int, days: Sequence[int]
) -> Mended:
    visits = []
    for visit, table, ordinal in zip(course.visits, starts, days, strict=True):
        if visit.done:
            continue
        day, minute = date.fromordinal(ordinal), table[ordinal][1]
        moved = _is_moved(visit, ordinal, minute)
        stays = visit.k in course.stay or (not moved and _may_keep(course, visit))
        chair = (visit.chair or "") if stays else _chair(ward, course, visit, day, minute)
        visits.append(MendedVisit(visit.k, day, minute, chair, moved))
    return Mended(objective, tuple(visits))


def _chair(ward: Ward, course: Ailing, visit: CourseVisit, day: date, minute: int) -> str:
    """The chair asked for, else the visit's own where it is free, else the first free one."""
    found = ward.field
    pin = course.pins.get(visit.k)
    wished = (pin.chair if pin else None) or visit.chair or ""
    slot = minute // found.clinic.slot_min - found.ground.slot0
    return found.seats.pick(found.taken[course.kind(visit)], 0, day.toordinal() - found.first, slot, wished)

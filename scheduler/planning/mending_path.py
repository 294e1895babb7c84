"""The cheapest ways through the days of one course, in order.

The path is walked from the last visit to the first, for each day that the first one can have (the span is
counted from it). What the rest costs from any day is then known exactly, so a search that always goes on with
the most promising beginning meets the complete repairs in order of their objective, the optimum first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import islice, pairwise

import numpy as np

from scheduler.planning.mending import Ailing, CourseVisit, Ward, start_cost, starts_of

LOOKED_AT = 400
"""So many repairs, best first, are looked at for ones that differ; after the first few they differ little."""

Starts = dict[int, tuple[int, int]]
"""By day (ordinal) the cost and the minute of the cheapest start."""


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
    for objective, days in _paths(course, starts):
        yield _mended(ward, course, starts, objective, days)


def ranked_repairs(ward: Ward, course: Ailing, wanted: int) -> list[Mended]:
    """The optimum and what really differs from it: first by which visits move, then by dates.

    Those with the fewest visits moved come first, then those of the smaller objective.
    """
    found = list(islice(repairs(ward, course), LOOKED_AT))
    chosen: list[Mended] = []
    for each in found:
        if all(set(each.moved) != set(other.moved) for other in chosen):
            chosen.append(each)
    others = [each for each in found if each not in chosen]
    picked = [*chosen, *others][:wanted]
    return sorted(picked, key=lambda each: (len(each.moved), each.objective))


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
    found = {}
    for day, start in sorted(starts[at].items()):
        tables = [_on_one_side(table, day, i - at) for i, table in enumerate(starts)]
        tables[at] = {day: start}
        path = next(_paths(course, tables), None)
        if path is not None:
            mended = _mended(ward, course, tables, *path)
            found[date.fromordinal(day)] = tuple(number for number in mended.moved if number != k)
    return found


def _on_one_side(table: Starts, day: int, side: int) -> Starts:
    """The days before (`side` < 0) or after another visit's day."""
    return {other: start for other, start in table.items() if (other - day) * side > 0}


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
    slot_min = ward.field.clinic.slot_min
    if _fixed(course, visit):
        own, minute = _ordinal(visit), visit.minute or 0
        cost = 0 if visit.done else start_cost(course, slot_min, visit, date.fromordinal(own), minute)
        return {own: (cost, minute)}
    allowed = starts_of(ward, course, visit)
    found = {}
    for row in np.flatnonzero(allowed.any(axis=1)):
        day = date.fromordinal(ward.field.first + int(row))
        found[day.toordinal()] = min(
            (start_cost(course, slot_min, visit, day, int(minute)), int(minute))
            for minute in ward.field.minutes[allowed[row]]
        )
    if _may_keep(course, visit):
        own, minute = _ordinal(visit), visit.minute or 0
        kept = start_cost(course, slot_min, visit, date.fromordinal(own), minute), minute
        found[own] = min(found.get(own, kept), kept)
    return found


def _may_keep(course: Ailing, visit: CourseVisit) -> bool:
    """Whether a visit may stay at its start whatever it breaks there: `settled`, ahead, and not pinned."""
    if not course.settled or visit.day is None or visit.k in course.pins:
        return False
    start = datetime.combine(visit.day, time()) + timedelta(minutes=visit.minute or 0)
    return start > course.now


def _paths(course: Ailing, starts: Sequence[Starts]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """(objective, days) of all complete choices of days, best first; on a tie the earlier days."""
    heap: list[tuple[int, tuple[int, ...], int]] = []
    togo = {root: _rest(course, starts, root) for root in starts[0]}
    for root, tables in togo.items():
        if root in tables[0]:
            heappush(heap, (tables[0][root], (root,), starts[0][root][0]))
    while heap:
        bound, days, spent = heappop(heap)
        if len(days) == len(starts):
            yield bound, days
            continue
        before, after = course.visits[len(days) - 1], course.visits[len(days)]
        table = togo[days[0]][len(days)]
        for day in course.days_after(before, days[-1], after, table):
            step = spent + course.gap_cost(before, days[-1], after, day)
            heappush(heap, (step + table[day], (*days, day), step + starts[len(days)][day][0]))


def _rest(course: Ailing, starts: Sequence[Starts], root: int) -> list[dict[int, int]]:
    """By visit and day, what that visit and all after it cost at least, where the course begins on `root`."""
    last = len(starts) - 1
    tables: list[dict[int, int]] = [{} for _ in starts]
    for i in range(last, -1, -1):
        for day, (cost, _) in starts[i].items():
            if day < root or (i == 0 and day != root):
                continue
            if i == last:
                if course.may_span(root, day):
                    tables[i][day] = cost + course.span_cost(root, day)
                continue
            before, after = course.visits[i], course.visits[i + 1]
            onward = [
                course.gap_cost(before, day, after, b) + tables[i + 1][b]
                for b in course.days_after(before, day, after, tables[i + 1])
            ]
            if onward:
                tables[i][day] = cost + min(onward)
    return tables


def _mended(
    ward: Ward, course: Ailing, starts: Sequence[Starts], objective: int, days: Sequence[int]
) -> Mended:
    visits = []
    for visit, table, ordinal in zip(course.visits, starts, days, strict=True):
        if visit.done:
            continue
        day, minute = date.fromordinal(ordinal), table[ordinal][1]
        moved = visit.day is not None and (visit.day, visit.minute) != (day, minute)
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

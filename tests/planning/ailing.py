"""Small courses to repair, drawn by a random source, and a brute force over everything they could become.

The brute force is written from PLANNING.md section 6 alone. From the oracle of whole plans it takes whether a
single start keeps R1 to R8, and no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from random import Random

from scheduler.planning import Availability
from scheduler.planning.mending import Ailing, CourseVisit, MendWeights, Pin
from tests.planning.oracle import load_or_none
from tests.planning.tiny import OPENS, SLOT, Case, roomy_case, tiny_case

EVER = Availability(dict.fromkeys(range(7), ((0, 1440),)))


@dataclass(frozen=True)
class Choice:
    """What a course could become: the open visits' starts by number, and what it costs."""

    objective: int
    starts: tuple[tuple[int, date, int], ...]

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(day for _, day, _ in self.starts)


def ailing_case(draw: Random) -> tuple[Case, Ailing]:
    """A case and a course of two to four visits in it, some of them done, one perhaps pinned or unplanned."""
    case = draw.choice([tiny_case, roomy_case, roomy_case])(draw, visits=draw.randint(2, 4))
    start = case.clinic.horizon_start
    protocol = replace(
        case.request.protocol,
        recovery_gap_max=case.request.protocol.gap_max + draw.randint(0, 1),
        recovery_span_max=case.request.protocol.span_max + draw.randint(0, 3),
    )
    request = replace(case.request, protocol=protocol, sites=case.request.sites[:1])
    done = draw.randint(0, protocol.n - 1)
    visits, day = [], start + timedelta(days=draw.randint(0, 2))
    for k in range(1, protocol.n + 1):
        minute = OPENS + draw.randint(0, 3) * SLOT
        visits.append(CourseVisit(k, day, minute, None, done=k <= done))
        day += timedelta(days=draw.randint(max(1, protocol.gap_min - 1), protocol.gap_max + 1))
    if done < protocol.n - 1 and draw.random() < 0.3:
        at = draw.randint(done, protocol.n - 1)
        visits[at : at + 1] = [CourseVisit(at + 1)] if draw.random() < 0.6 else []
    open_numbers = [visit.k for visit in visits if not visit.done]
    pinned = draw.choice(open_numbers) if draw.random() < 0.6 else None
    last = start + timedelta(days=case.clinic.horizon_days - 1)
    pin = Pin(start + timedelta(days=draw.randint(0, 8)), OPENS + draw.randint(0, 3) * SLOT)
    course = Ailing(
        request=request,
        visits=tuple(visits),
        anchor=OPENS + draw.randint(0, 3) * SLOT,
        now=datetime(start.year, start.month, start.day, 9, 30) + timedelta(days=draw.randint(-1, 2)),  # noqa: DTZ001
        until=last,
        notice_min=draw.choice([0, 30, 24 * 60]),
        pins={pinned: pin} if pinned else {},
        stay=frozenset(
            v.k for v in visits if v.day and not v.done and v.k != pinned and draw.random() < 0.15
        ),
        busy=frozenset([start + timedelta(days=draw.randint(0, 8))]) if draw.random() < 0.2 else frozenset(),
        settled=draw.random() < 0.5,
        strain=draw.choice([0, 0, 0, 30, 10_000]),
        weights=MendWeights(*(draw.choice([0, 1, 5, 50, 1000]) for _ in range(8)))
        if draw.random() < 0.7
        else MendWeights(),
    )
    return case, course


def every_repair(case: Case, course: Ailing) -> list[Choice]:
    """Everything the course could become, cheapest first."""
    choices = [list(_starts(case, course, visit)) for visit in course.visits]
    found = [
        _choice(case, course, starts) for starts in product(*choices) if _keeps_distances(course, starts)
    ]
    return sorted(found, key=lambda each: each.objective)


def _starts(case: Case, course: Ailing, visit: CourseVisit) -> Iterator[tuple[date, int]]:
    if visit.done or visit.k in course.stay:
        yield visit.day, visit.minute
        return
    pin = course.pins.get(visit.k)
    kept = _kept(course, visit)
    if kept:
        yield kept
    request = replace(course.request, availability=EVER) if pin else course.request
    kind = case.clinic.kind(course.request.protocol.types[visit.k - 1])
    site = case.clinic.sites[case.clinic.site_index[request.sites[0]]]
    for offset in range(case.clinic.horizon_days):
        day = case.clinic.horizon_start + timedelta(days=offset)
        for minute in range(0, 1440, SLOT):
            wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - wall time
            same = (day, minute) == (visit.day, visit.minute)
            if pin and (day, minute) != (pin.day, pin.minute):
                continue
            if not _in_time(course, wall, same=same) or (day, minute) == kept:
                continue
            if load_or_none(case.clinic, case.bookings, request, site, kind, day, minute) is not None:
                yield day, minute


def _in_time(course: Ailing, wall: datetime, *, same: bool) -> bool:
    """Ahead, with notice where it is another start than before, on a day without another course's visit."""
    notice = timedelta(minutes=0 if same else course.notice_min)
    return course.now < wall and wall >= course.now + notice and wall.date() not in course.busy


def _kept(course: Ailing, visit: CourseVisit) -> tuple[date, int] | None:
    """A start that is settled, whatever it breaks."""
    if not course.settled or visit.day is None or visit.k in course.pins:
        return None
    wall = datetime(visit.day.year, visit.day.month, visit.day.day)  # noqa: DTZ001 - wall time
    ahead = wall + timedelta(minutes=visit.minute) > course.now
    return (visit.day, visit.minute) if ahead else None


def _keeps_distances(course: Ailing, starts: tuple[tuple[date, int], ...]) -> bool:
    """Without strain no day may be off; under strain only the order counts."""
    off = days_off(course, starts)
    if not course.strain:
        return not any(off)
    days = [day for day, _ in starts]
    return all(a < b or not wrong for a, b, wrong in zip(days, days[1:], off[:-1], strict=False))


def days_off(course: Ailing, starts: tuple[tuple[date, int], ...]) -> list[int]:
    """By how many days each gap is off (R10'), and last by how many the whole is (R11')."""
    protocol, pairs = course.request.protocol, list(zip(course.visits, starts, strict=True))
    found = []
    for (v, (a, _)), (w, (b, _)) in pairwise(pairs):
        steps, gap = w.k - v.k, (b - a).days
        accepted = (v.done and w.done) or (course.settled and a == v.day and b == w.day)
        low, high = steps * protocol.gap_min, steps * protocol.recovery_gap_max
        found.append(0 if accepted or low <= gap <= high else max(low - gap, gap - high))
    (first, (a, _)), (last, (z, _)) = pairs[0], pairs[-1]
    accepted = a == first.day and z == last.day and (course.settled or (first.done and last.done))
    return [*found, 0 if accepted else max(0, (z - a).days + 1 - protocol.recovery_span_max)]


def _choice(case: Case, course: Ailing, starts: tuple[tuple[date, int], ...]) -> Choice:
    w, total, target = course.weights, 0, course.request.protocol.gap_target
    before: tuple[int, date] | None = None
    *gaps, whole = days_off(course, starts)
    total += course.strain * sum(gaps) + course.strain // 10 * whole
    if course.visits[0].day is None:
        total += w.early * (starts[0][0] - course.now.date()).days
    for visit, (day, minute) in zip(course.visits, starts, strict=True):
        if not visit.done:
            early, late = course.request.preference.window or (0, 1440)
            total += w.same * (abs(minute - course.anchor) // SLOT)
            total += w.pref * -(-max(0, early - minute, minute - late) // SLOT)
            total += w.weekday * (day.weekday() in course.request.preference.avoid_weekdays)
            if visit.day and (visit.day, visit.minute) != (day, minute):
                shifted = abs((day - visit.day).days), abs(minute - visit.minute) // SLOT
                total += w.moved + w.shift_day * shifted[0] + w.shift_slot * shifted[1]
            if before:
                total += w.gap * abs((day - before[1]).days - (visit.k - before[0]) * target)
        before = visit.k, day
    mine = [(v.k, *start) for v, start in zip(course.visits, starts, strict=True) if not v.done]
    return Choice(total, tuple(mine))

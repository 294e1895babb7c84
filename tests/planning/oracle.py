"""A brute force over every complete plan of a tiny case, written from PLANNING.md alone.

It shares nothing with the planner but the dataclasses: no masks, no day book, no tables.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise, product

from scheduler.planning import Bookings, Clinic, Request, SessionType, Site


@dataclass(frozen=True)
class Visit:
    """A possible visit: what it costs on its own is the load above the soft one."""

    day: date
    minute: int
    load: int


@dataclass(frozen=True)
class Course:
    """A complete plan and its objective."""

    site: str
    visits: tuple[Visit, ...]
    objective: int

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(visit.day for visit in self.visits)

    @property
    def median(self) -> int:
        return sorted(visit.minute for visit in self.visits)[(len(self.visits) - 1) // 2]


def every_course(clinic: Clinic, bookings: Bookings, request: Request) -> list[Course]:
    """All complete plans, cheapest first, one for each choice of days and starts."""
    found = [course for name in request.sites for course in _courses_at(clinic, bookings, request, name)]
    return sorted(found, key=lambda course: course.objective)


def differs(course: Course, days: tuple[date, ...], median: int) -> bool:
    """Section 5: another first day, at least 3 other dates, or a median 60 minutes away."""
    others = [day for day in course.days if day not in days]
    return course.days[0] != days[0] or len(others) >= 3 or abs(course.median - median) >= 60


def possible_days(clinic: Clinic, bookings: Bookings, request: Request, name: str, kind: str) -> set[date]:
    """The days on which a visit of this kind can be at all."""
    site = clinic.sites[clinic.site_index[name]]
    return {visit.day for visit in _visits(clinic, bookings, request, site, clinic.kind(kind))}


def _courses_at(clinic: Clinic, bookings: Bookings, request: Request, name: str) -> Iterator[Course]:
    protocol, site = request.protocol, clinic.sites[clinic.site_index[name]]
    by_kind = {
        kind: list(_visits(clinic, bookings, request, site, clinic.kind(kind)))
        for kind in set(protocol.types)
    }
    by_day: dict[tuple[str, date], list[Visit]] = {}
    for kind, visits in by_kind.items():
        for visit in visits:
            by_day.setdefault((kind, visit.day), []).append(visit)
    for days in _date_sequences(request):
        choices = [by_day.get((kind, day), []) for kind, day in zip(protocol.types, days, strict=True)]
        for visits in product(*choices):
            yield Course(name, visits, _objective(clinic, request, visits))


def _date_sequences(request: Request) -> Iterator[tuple[date, ...]]:
    protocol = request.protocol
    gaps = range(protocol.gap_min, protocol.gap_max + 1)
    for offset in range((request.first_day_max - request.first_day_min).days + 1):
        for steps in product(gaps, repeat=protocol.n - 1):
            if protocol.span_min <= sum(steps) + 1 <= protocol.span_max:
                first = request.first_day_min + timedelta(days=offset)
                yield tuple(first + timedelta(days=sum(steps[:k])) for k in range(protocol.n))


def _objective(clinic: Clinic, request: Request, visits: tuple[Visit, ...]) -> int:
    weights, preference, slot = request.weights, request.preference, clinic.slot_min
    gaps = [(b.day - a.day).days for a, b in pairwise(visits)]
    starts = [visit.minute // slot for visit in visits]
    early, late = preference.window or (0, 1440)
    outside = [max(0, early - visit.minute, visit.minute - late) for visit in visits]
    return (
        weights.gap * sum(abs(gap - request.protocol.gap_target) for gap in gaps)
        + weights.same * min(sum(abs(start - tau) for start in starts) for tau in range(1440 // slot))
        + weights.pref * sum(-(-minutes // slot) for minutes in outside)
        + weights.weekday * sum(visit.day.weekday() in preference.avoid_weekdays for visit in visits)
        + weights.early * (visits[0].day - request.first_day_min).days
        + weights.load * sum(visit.load for visit in visits)
    )


def _visits(
    clinic: Clinic, bookings: Bookings, request: Request, site: Site, kind: SessionType
) -> Iterator[Visit]:
    for offset in range(clinic.horizon_days):
        day = clinic.horizon_start + timedelta(days=offset)
        for minute in range(0, 1440, clinic.slot_min):
            load = load_or_none(clinic, bookings, request, site, kind, day, minute)
            if load is not None:
                yield Visit(day, minute, load)


def load_or_none(
    clinic: Clinic,
    bookings: Bookings,
    request: Request,
    site: Site,
    kind: SessionType,
    day: date,
    minute: int,
) -> int | None:
    """What the start adds above the soft load, or None where a rule forbids it."""
    end, slot = minute + kind.minutes, clinic.slot_min
    if minute % clinic.step or not _patient_can(request, day, minute, end):
        return None
    if not _open(clinic, site, day, minute, end) or not _some_chair(
        clinic, bookings, request, site, day, minute, end
    ):
        return None
    total = 0
    for begin, units, watched in _slots(kind, minute, slot):
        nurses = sum(
            s.site == site.id and s.day == day and s.start <= begin < s.end
            and not any(a <= begin < b for a, b in s.breaks)
            for s in clinic.nurse_shifts
        )  # fmt: skip
        there = any(
            p.site == site.id and p.day == day and p.start <= begin < p.end for p in clinic.clinician_presence
        )
        standing = _standing(clinic, bookings, site, day, begin)
        if standing + units > 12 * nurses or (watched and not there):
            return None
        soft = clinic.soft_load_pct * 12 * nurses // 100
        total += max(standing + units - soft, 0) - max(standing - soft, 0)
    return total


def _slots(kind: SessionType, minute: int, slot: int) -> Iterator[tuple[int, int, bool]]:
    for phase in kind.phases:
        for begin in range(minute, minute + phase.minutes, slot):
            yield begin, phase.nurse_load, phase.clinician
        minute += phase.minutes


def _standing(clinic: Clinic, bookings: Bookings, site: Site, day: date, minute: int) -> int:
    total = 0
    for where, _, when, start, kind in zip(*(column.tolist() for column in bookings.columns), strict=True):
        if clinic.sites[where] is site and when == day.toordinal():
            slots = _slots(clinic.session_types[kind], start * clinic.slot_min, clinic.slot_min)
            total += sum(units for begin, units, _ in slots if begin == minute)
    return total


def _patient_can(request: Request, day: date, minute: int, end: int) -> bool:
    windows = request.availability.weekly.get(day.weekday(), ())
    inside = any(a <= minute and end <= b for a, b in windows)
    return inside and not any(
        _meets(day, minute, end, b.start, b.end) for b in request.availability.blackouts
    )


def _open(clinic: Clinic, site: Site, day: date, minute: int, end: int) -> bool:
    hours = site.hours.get(day.weekday(), ())
    covered = all(any(a <= each < b for a, b in hours) for each in range(minute, end))
    shut = any(
        c.chair is None and c.site in (None, site.id) and _meets(day, minute, end, c.start, c.end)
        for c in clinic.closures
    )
    return covered and day not in clinic.holidays and not shut


def _some_chair(
    clinic: Clinic, bookings: Bookings, request: Request, site: Site, day: date, minute: int, end: int
) -> bool:
    turnover = site.turnover_slots * clinic.slot_min
    for chair in site.chairs:
        closed = any(
            c.chair == chair.id and c.site in (None, site.id) and _meets(day, minute, end, c.start, c.end)
            for c in clinic.closures
        )
        taken = False
        for _, seat, when, start, kind in zip(*(column.tolist() for column in bookings.columns), strict=True):
            begin = start * clinic.slot_min
            until = begin + clinic.session_types[kind].minutes + turnover
            mine = seat == clinic.chair_index[chair.id] and when == day.toordinal()
            taken = taken or (mine and begin < end + turnover and minute < until)
        if request.chair_type in (None, chair.type) and not closed and not taken:
            return True
    return False


def _meets(day: date, minute: int, end: int, start: datetime, stop: datetime) -> bool:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
    return start < midnight + timedelta(minutes=end) and midnight + timedelta(minutes=minute) < stop

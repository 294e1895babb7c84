"""The exact repair of one course (PLANNING.md, section 6, for a single course).

Visits that are done stay where they are; every other one may go elsewhere or stay, and to go costs far more
than anything else. The hour that a course is held to is fixed beforehand (`anchor`), so the cheapest start of
a visit on a day is known on its own, and what remains is a path over days. `mending_path.py` walks it.

Four things go beyond the file format, because a person at a desk asks for them. A visit can be pinned: the
patient asked for that time, so their weekly hours do not forbid it. A number may have no visit at all: where
neighbours are numbers 3 and 5, the gap between them counts as two gaps. And where `settled`, a visit may keep
its start, and two visits their distance, whatever they break there: it was accepted when it was made, and to
move one visit is no reason to move another that stands on a day that became a holiday. That is a task of its
own. Under `strain`, at last, the days between visits may break the protocol, at so high a cost that the
course that breaks it by the fewest days comes first: a clinician may allow that one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import MINUTES_A_DAY
from scheduler.planning.ground import Flags, Ground
from scheduler.planning.masks import Field, patient_can, survey
from scheduler.planning.request import Availability, Request

Ints = npt.NDArray[np.int64]
ANY_TIME = Availability(dict.fromkeys(range(7), ((0, MINUTES_A_DAY),)))


@dataclass(frozen=True, slots=True)
class MendWeights:
    """What each term of the objective of section 6 counts.

    `early`, which is not in the file format, is what each day costs that a course without a first visit yet
    begins later.
    """

    moved: int = 1000
    shift_day: int = 50
    shift_slot: int = 2
    gap: int = 100
    same: int = 2
    pref: int = 3
    weekday: int = 30
    early: int = 0


@dataclass(frozen=True, slots=True)
class CourseVisit:
    """Visit `k` as it stands: local day, minute, chair. A visit still to be planned has none of them."""

    k: int
    day: date | None = None
    minute: int | None = None
    chair: str | None = None
    done: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A start that is asked for; without a chair any free one will do."""

    day: date
    minute: int
    chair: str | None = None


@dataclass(frozen=True)
class Ailing:
    """A course to repair.

    request: its protocol, the patient's times and wishes, its one site; visits: in order of `k`, done ones
    included; anchor: the minute of the day it is held to; now: local, without an offset; until: the last day
    to look at; pins and stay: by `k`, what must go to a start and what must stay as it is; busy: days that
    the patient spends on another course; strain: what a day beyond R10' costs (and ten beyond R11'), 0: none.
    """

    request: Request
    visits: tuple[CourseVisit, ...]
    anchor: int
    now: datetime
    until: date
    notice_min: int = 0
    pins: Mapping[int, Pin] = field(default_factory=dict)
    stay: frozenset[int] = frozenset()
    busy: frozenset[date] = frozenset()
    settled: bool = False
    strain: int = 0
    weights: MendWeights = MendWeights()

    def kind(self, visit: CourseVisit) -> str:
        """The name of the visit's session type."""
        return self.request.protocol.types[visit.k - 1]

    @property
    def gap_max(self) -> int:
        """The longest gap that a repair may leave, in days."""
        protocol = self.request.protocol
        return protocol.recovery_gap_max or protocol.gap_max

    @property
    def span_max(self) -> int:
        """The longest course that a repair may leave, in days."""
        protocol = self.request.protocol
        return protocol.recovery_span_max or protocol.span_max

    def may_follow(self, before: CourseVisit, a: int, after: CourseVisit, b: int) -> bool:
        """R10' for two neighbours on the days with ordinals `a` and `b`; under strain only their order."""
        return (self.strain > 0 and a < b) or not self._off(before, a, after, b)

    def gap_cost(self, before: CourseVisit, a: int, after: CourseVisit, b: int) -> int:
        """What the gap between two neighbours costs: nothing where it ends in a visit that is done."""
        target = (after.k - before.k) * self.request.protocol.gap_target
        strain = self.strain * self._off(before, a, after, b) if self.strain else 0
        return strain + (0 if after.done else self.weights.gap * abs(b - a - target))

    def may_span(self, a: int, b: int) -> bool:
        """R11' for a course from the day with ordinal `a` to `b`."""
        return self.strain > 0 or not self._too_long(a, b)

    def as_long_as_it_was(self, a: int, b: int) -> bool:
        """Whether a course from day `a` to `b` is as long as it was, and that was accepted or is past."""
        first, last = self.visits[0], self.visits[-1]
        as_it_was = _on_old_day(first, a) and _on_old_day(last, b)
        return as_it_was and (self.settled or (first.done and last.done))

    def _near(self, before: CourseVisit, a: int, after: CourseVisit) -> range:
        steps = after.k - before.k
        return range(a + steps * self.request.protocol.gap_min, a + steps * self.gap_max + 1)

    def _off(self, before: CourseVisit, a: int, after: CourseVisit, b: int) -> int:
        """By how many days two neighbours break R10'."""
        near = self._near(before, a, after)
        fixed = before.done and after.done
        as_it_was = self.settled and _on_old_day(before, a) and _on_old_day(after, b)
        return 0 if fixed or as_it_was else max(near.start - b, b - near.stop + 1, 0)

    def _too_long(self, a: int, b: int) -> int:
        """By how many days a course breaks R11'."""
        return 0 if self.as_long_as_it_was(a, b) else max(0, b - a + 1 - self.span_max)


@dataclass(frozen=True)
class Ward:
    """Where the visits of a course can start: R1 to R7 alone (`field`), and R8 by kind of visit (`can`)."""

    field: Field
    can: Mapping[str, Flags]


def examine(ground: Ground, bookings: Bookings, course: Ailing) -> Ward:
    """Judge every start from now to `course.until`. `bookings` must not hold the course's own open visits.

    The ground must cover those days within the clinic's horizon (ValueError otherwise).
    """
    request = course.request
    kinds = tuple(dict.fromkeys(request.protocol.types))
    first = min(course.now.date(), course.until)
    asked = replace(
        request,
        protocol=replace(request.protocol, n=1, types=kinds),
        first_day_min=first,
        first_day_max=course.until,
        availability=ANY_TIME,
    )
    found = survey(ground, bookings, asked)
    own = replace(found, request=replace(asked, availability=request.availability))
    return Ward(found, {kind: patient_can(own, ground.clinic.kind(kind)) for kind in kinds})


def starts_of(ward: Ward, course: Ailing, visit: CourseVisit) -> Flags:
    """Per (day, slot) of the ward, whether an open visit may start there, spacing aside: R1 to R8 and R14."""
    found, kind = ward.field, course.kind(visit)
    free: Flags = found.free[kind][0].copy()
    pin = course.pins.get(visit.k)
    if pin is None:
        free &= ward.can[kind]
    else:
        free &= _only(found, pin.day, pin.minute)
        if pin.chair is not None:
            free &= chair_free(found, kind, pin.chair)
    for day in course.busy:
        at = day.toordinal() - found.first
        if 0 <= at < found.days:
            free[at] = False
    moments = _moments(found)
    early = moments < _minutes(course.now + timedelta(minutes=course.notice_min))
    free &= (moments > _minutes(course.now)) & (~early | _old(found, visit))
    return free


def start_costs(course: Ailing, slot_min: int, visit: CourseVisit, days: Ints, minutes: Ints) -> Ints:
    """What an open visit costs on each day (ordinal) at each minute (d, m), its gap aside."""
    weights, wish = course.weights, course.request.preference
    early, late = wish.window or (0, MINUTES_A_DAY)
    outside = np.maximum(np.maximum(early - minutes, minutes - late), 0)
    by_minute = weights.same * (np.abs(minutes - course.anchor) // slot_min) + weights.pref * -(
        -outside // slot_min
    )
    by_day = weights.weekday * np.isin((days - 1) % 7, list(wish.avoid_weekdays))
    if visit.day is None and visit is course.visits[0]:
        by_day = by_day + weights.early * (days - course.now.toordinal())
    cost: Ints = by_day[:, None] + by_minute[None, :]
    if visit.day is None or visit.minute is None:
        return cost
    away, off = np.abs(days - visit.day.toordinal())[:, None], np.abs(minutes - visit.minute)[None, :]
    moved = weights.moved + weights.shift_day * away + weights.shift_slot * (off // slot_min)
    return cost + np.where((away > 0) | (off > 0), moved, 0)


def chair_free(found: Field, kind: str, chair: str) -> Flags:
    """Per (day, slot), whether this chair is free for a visit of `kind`; nowhere for one it can't have."""
    names = found.clinic.chairs
    for row, (_, at) in enumerate(found.seats.chairs):
        if names[at][1].id == chair:
            free: Flags = ~found.taken[kind][row]
            return free
    return np.zeros((found.days, len(found.minutes)), dtype=bool)


def _on_old_day(visit: CourseVisit, day: int) -> bool:
    return visit.day is not None and visit.day.toordinal() == day


def _only(found: Field, day: date, minute: int) -> Flags:
    mask = np.zeros((found.days, len(found.minutes)), dtype=bool)
    at = day.toordinal() - found.first
    if 0 <= at < found.days:
        mask[at] = found.minutes == minute
    return mask


def _old(found: Field, visit: CourseVisit) -> Flags:
    if visit.day is None or visit.minute is None:
        return np.zeros((found.days, len(found.minutes)), dtype=bool)
    return _only(found, visit.day, visit.minute)


def _moments(found: Field) -> np.ndarray:
    days = np.arange(found.first, found.first + found.days)[:, None]
    return days * MINUTES_A_DAY + found.minutes


def _minutes(moment: datetime) -> float:
    within = moment.hour * 60 + moment.minute + (moment.second + moment.microsecond / 1e6) / 60
    return moment.toordinal() * MINUTES_A_DAY + within

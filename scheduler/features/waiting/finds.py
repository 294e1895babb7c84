"""The move that helps an entry most, and what it gains in the planner's own points.

The course as it stands costs so much, and after the move so much; the gain is the difference. Both are the
objective of PLANNING.md, section 6, for the visits still to come, without its price for moving (that price
keeps a repair small; here the patient has asked to be moved): 100 a day off the target gap, 2 a slot off the
course's hour, 3 a slot outside the preferred hours, 30 an avoided weekday. Section 4 adds what the wish is
about: 20 (`early`) for each day that the visit lies later, and 30 (`weekday`) where it lies outside the
half-days that were asked for.

Where one visit is waited for, all others stay. Where the rest of the course is to come sooner, all open
visits may move, and the first of them must come on an earlier day. For each day that the visit could have,
the cheapest start of that day is known on its own (the hour of a course is fixed), so one exact repair for
each day finds the optimum. A move that gains nothing can still be what the patient wants (an earlier day that
makes two gaps uneven); it is told, but ranked behind.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from scheduler.errors import SixfoldError
from scheduler.features.courses.moving.chart import Chart, open_chart, wall
from scheduler.features.courses.moving.order import decode_move
from scheduler.features.courses.moving.ways import Way, make_way, spots_of
from scheduler.features.waiting.gained import gain_words
from scheduler.features.waiting.wish import Wish, wish_of
from scheduler.models import CourseStatus, InfusionStatus, WaitingEntry
from scheduler.planning.masks import patient_can
from scheduler.planning.mending import Ailing, CourseVisit, MendWeights, Pin, Ward, start_costs, starts_of
from scheduler.planning.mending_path import Mended, repairs
from scheduler.planning.request import Availability, Weights

PLAIN = MendWeights(moved=0, shift_day=0, shift_slot=0)
EARLY, OUTSIDE = Weights().early, Weights().weekday


@dataclass(frozen=True)
class Find:
    """A move that an entry can be offered now. `gain` in points, `why` in words, `way` as the move page's."""

    gain: int
    why: str
    way: Way
    start: datetime
    number: int

    @property
    def is_good(self) -> bool:
        """Whether the course is better for it."""
        return self.gain > 0


@dataclass(frozen=True)
class Seeker:
    """An entry before the planner: the chart, the visit waited for, and what it may become."""

    chart: Chart
    visit: CourseVisit
    wish: Wish
    whole: bool
    ailing: Ailing
    ward: Ward

    @property
    def minutes(self) -> int:
        """How long the visit takes."""
        return self.chart.clinic.kind(self.ailing.kind(self.visit)).minutes

    def wish_cost(self, day: date, minute: int) -> int:
        """What a start costs because of the wish."""
        late = (day - self.chart.today).days
        return EARLY * late + OUTSIDE * (not self.wish.holds(wall(day, minute), self.minutes))


def seek(session: Session, now: datetime, entry: WaitingEntry, refused: Collection[datetime]) -> Find | None:
    """The best move for an entry, None where there is none; `refused` are local starts they declined.

    Nobody is found for whose patient is archived, whose course does not go on, or whose visit has begun.
    """
    if not can_be_found(entry):
        return None
    try:
        seeker = _seeker(open_chart(session, now, entry.course_id), entry)
    except SixfoldError:  # The site was closed, or the course ended between two looks.
        return None
    return _best(seeker, refused) if seeker else None


def can_be_found(entry: WaitingEntry) -> bool:
    """Whether the planner has to be asked at all: the course goes on and has a visit to move."""
    course = entry.course
    if course.status is not CourseStatus.ACTIVE or course.patient.archived_at is not None:
        return False
    rows = [row for row in course.infusions if entry.infusion_id in (None, row.id)]
    return any(row.status is InfusionStatus.SCHEDULED for row in rows)


def still_free(session: Session, now: datetime, entry: WaitingEntry) -> bool:
    """Whether the room of an offer is there as it was offered, and its visits are as they were."""
    order = decode_move(entry.offer or "")
    chart = open_chart(session, now, entry.course_id, max(each.start.date() for each in order.placements))
    versions = {row.id: row.schedule_version for row in chart.rows.values()}
    for each in order.placements:
        visit = next((known for known in chart.ailing.visits if known.k == each.number), None)
        if (
            visit is None
            or visit.done
            or versions.get(each.infusion_id or 0) != order.seen.get(each.infusion_id or 0)
        ):
            return False
        pin = Pin(each.start.date(), each.start.hour * 60 + each.start.minute, str(each.chair_id))
        if not starts_of(chart.ward, replace(chart.ailing, pins={each.number: pin}), visit).any():
            return False
    return True


def _seeker(chart: Chart, entry: WaitingEntry) -> Seeker | None:
    """The entry's visit, or the first one ahead, with the wished half-days in place of the usual ones."""
    ahead = [row for row in chart.rows.values() if row.status is InfusionStatus.SCHEDULED]
    rows = [row for row in ahead if entry.infusion_id in (None, row.id)]
    visits = [
        visit for visit in chart.ailing.visits if not visit.done and visit.k in {row.number for row in rows}
    ]
    if not visits:
        return None
    wish = wish_of(entry)
    days_away = chart.ailing.request.availability.blackouts
    availability = Availability(wish.weekly(), days_away)
    field = replace(chart.ward.field, request=replace(chart.ward.field.request, availability=availability))
    can = {kind: patient_can(field, chart.clinic.kind(kind)) for kind in chart.ward.can}
    others = frozenset(visit.k for visit in chart.ailing.visits if not visit.done)
    ailing = replace(
        chart.ailing, weights=PLAIN, stay=others, notice_min=wish.notice_hours * 60, settled=True
    )
    return Seeker(chart, visits[0], wish, entry.infusion_id is None, ailing, Ward(chart.ward.field, can))


def _best(seeker: Seeker, refused: Collection[datetime]) -> Find | None:
    before = next(repairs(seeker.ward, seeker.ailing), None)
    day, minute = seeker.visit.day, seeker.visit.minute
    if before is None or day is None or minute is None:
        return None
    best: tuple[int, int, date, int, Mended] | None = None
    for at, then in _starts(seeker, refused):
        after = _with(seeker, at, then)
        if after is not None:
            each = (after.objective + seeker.wish_cost(at, then), len(after.moved), at, then, after)
            best = each if best is None else min(best, each, key=lambda one: one[:3])
    if best is None:
        return None
    gain = before.objective + seeker.wish_cost(day, minute) - best[0]
    return _find(seeker, before, best[4], gain, wall(best[2], best[3]))


def _starts(seeker: Seeker, declined: Collection[datetime]) -> Iterator[tuple[date, int]]:
    """By day the cheapest start for the visit waited for: free, wished, in time, and not refused before."""
    field, visit = seeker.chart.ward.field, seeker.visit
    allowed = starts_of(seeker.ward, seeker.ailing, visit)
    for row in np.flatnonzero(allowed.any(axis=1)):
        day = date.fromordinal(field.first + int(row))
        if visit.day is not None and day >= visit.day and (seeker.wish.earlier or seeker.whole):
            break
        minutes = field.minutes[allowed[row]]
        slot_min, ordinal = field.clinic.slot_min, np.array([day.toordinal()])
        its = start_costs(seeker.ailing, slot_min, visit, ordinal, minutes)[0]
        costs = [
            (int(cost), int(minute))
            for cost, minute in zip(its, minutes, strict=True)
            if wall(day, int(minute)) not in declined
            and (day, minute) != (visit.day, visit.minute)
            and seeker.wish.holds(wall(day, int(minute)), seeker.minutes)
        ]
        if costs:
            yield day, min(costs)[1]


def _with(seeker: Seeker, day: date, minute: int) -> Mended | None:
    """The cheapest course with the visit at that start."""
    free = seeker.ailing.stay if seeker.whole else {seeker.visit.k}
    ailing = replace(seeker.ailing, stay=seeker.ailing.stay - free, pins={seeker.visit.k: Pin(day, minute)})
    return next(repairs(seeker.ward, ailing), None)


def _find(seeker: Seeker, before: Mended, after: Mended, gain: int, start: datetime) -> Find:
    visit, chart = seeker.visit, seeker.chart
    sooner = ((visit.day or start.date()) - start.date()) // timedelta(days=1)
    was_outside = not seeker.wish.holds(wall(visit.day or start.date(), visit.minute or 0), seeker.minutes)
    why = gain_words(sooner, was_outside, _off(seeker.ailing, before) - _off(seeker.ailing, after))
    name = f"No. {visit.k} to {start:%a} {start.day} {start:%b %H:%M}"
    return Find(gain, why, make_way(chart, "w", spots_of(after), name, why), start, visit.k)


def _off(ailing: Ailing, mended: Mended) -> int:
    """By how many days the gaps that end in an open visit miss their target."""
    days = {visit.k: visit.day for visit in ailing.visits} | {each.k: each.day for each in mended.visits}
    total = 0
    for one, two in zip(ailing.visits, ailing.visits[1:], strict=False):
        a, b = days[one.k], days[two.k]
        if a is not None and b is not None:
            total += ailing.gap_cost(one, a.toordinal(), two, b.toordinal())
    return total // ailing.weights.gap

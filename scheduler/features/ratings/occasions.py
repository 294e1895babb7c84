"""The occasions on which a course asks for ratings: a pure function of its visits and its plan.

Nothing is stored: an occasion moves with its visit, and a cancelled visit has none. Days are calendar days at
the clinic, so that "day 2" begins at midnight there, also in the night in which the clocks change. An answer
belongs to an occasion from `opens_at` until before `closes_at`; it keeps its true time, however late it
reaches us.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.features.ratings.plan import Key, Plan
from scheduler.features.ratings.timing import NOT_RATED, Hours, due_at, window
from scheduler.models import InfusionStatus, TimePoint

WEEKS = 8
BEFORE_FIRST = timedelta(days=30)
"""How old a baseline may be when the first infusion starts, if the course was booked later than that."""
ASKED_DAYS_BEFORE = 3
MORNING = time(9)
TOOK_PLACE = frozenset({InfusionStatus.IN_PROGRESS, InfusionStatus.COMPLETED})


class State(StrEnum):
    """Where an occasion stands: its time is still to come, has come, is nearly over, is over; or it has
    everything."""

    AHEAD = "ahead"
    DUE = "due"
    LATE = "late"
    MISSED = "missed"
    GIVEN = "given"


@dataclass(frozen=True)
class VisitFacts:
    """One visit with the instants that its ratings hang on."""

    infusion_id: int
    number: int
    status: InfusionStatus
    times: Hours


@dataclass(frozen=True)
class CourseFacts:
    """A course as its ratings see it. `is_over` says that no infusion of it will follow."""

    tz: str
    infusions: int
    booked_at: datetime
    is_over: bool
    visits: Sequence[VisitFacts]


@dataclass(frozen=True)
class Slot:
    """Which occasion of a course: the time point, with the infusion or the week that it belongs to."""

    point: TimePoint
    infusion_id: int | None = None
    week: int = 0


@dataclass(frozen=True)
class Occasion:
    """What is asked at a slot, and when. `number` is the infusion's, 0 where it belongs to none."""

    slot: Slot
    number: int
    asked: tuple[Key, ...]
    opens_at: datetime
    due_at: datetime
    late_at: datetime
    closes_at: datetime

    def lacking(self, given: Collection[tuple[Slot, str]]) -> tuple[Key, ...]:
        """The instruments that were not answered; `given` are pairs of slot and code."""
        return tuple(key for key in self.asked if (self.slot, key[0]) not in given)

    def state(self, now: datetime, given: Collection[tuple[Slot, str]]) -> State:
        """Where it stands at `now`."""
        if not self.lacking(given):
            return State.GIVEN
        if now < self.due_at:
            return State.AHEAD
        if now >= self.closes_at:
            return State.MISSED
        return State.LATE if now >= self.late_at else State.DUE


def occasions(facts: CourseFacts, plan: Plan) -> tuple[Occasion, ...]:
    """All occasions of a course at which the plan asks something, the earliest due first."""
    visits = sorted(
        (visit for visit in facts.visits if visit.status not in NOT_RATED),
        key=lambda visit: visit.times.starts_at,
    )
    found = [*_baseline(facts, plan, visits), *_weekly(facts, plan, visits)]
    for at, visit in enumerate(visits):
        following = visits[at + 1] if at + 1 < len(visits) else None
        found += _of_visit(facts, plan, visit)
        if visit.status in TOOK_PLACE:
            found += _days_after(facts, plan, visit, following)
    return tuple(sorted(found, key=lambda one: (one.due_at, one.opens_at, one.slot.point)))


def _baseline(facts: CourseFacts, plan: Plan, visits: Sequence[VisitFacts]) -> list[Occasion]:
    asked = plan.asked(TimePoint.BASELINE)
    if not asked or not visits:
        return []
    first = visits[0].times
    day = _day(first.starts_at, facts.tz)
    closes = first.infusion_at
    due = min(max(facts.booked_at, _at(day - timedelta(days=ASKED_DAYS_BEFORE), MORNING, facts.tz)), closes)
    return [
        Occasion(
            Slot(TimePoint.BASELINE),
            0,
            asked,
            opens_at=min(facts.booked_at, first.starts_at - BEFORE_FIRST),
            due_at=due,
            late_at=max(due, min(_at(day, time(), facts.tz), closes)),
            closes_at=closes,
        )
    ]


def _of_visit(facts: CourseFacts, plan: Plan, visit: VisitFacts) -> list[Occasion]:
    found = []
    for point in (TimePoint.PRE, TimePoint.POST_2H):
        asked = plan.asked(point, visit.number, facts.infusions)
        if not asked:
            continue
        first, last = window(point, visit.times)
        due = due_at(point, visit.times)
        late = visit.times.infusion_at if point is TimePoint.PRE else due + timedelta(hours=2)
        found.append(
            Occasion(
                Slot(point, visit.infusion_id),
                visit.number,
                asked,
                min(first, due),
                due,
                max(late, due),
                max(last, due),
            )
        )
    return found


def _days_after(
    facts: CourseFacts, plan: Plan, visit: VisitFacts, following: VisitFacts | None
) -> list[Occasion]:
    day = _day(visit.times.starts_at, facts.tz)
    next_day = _day(following.times.starts_at, facts.tz) if following else None
    found = []
    if asked := plan.asked(TimePoint.DAY_1, visit.number, facts.infusions):
        one = day + timedelta(days=1)
        # The next infusion may be on that very day: what is answered after it began says something else.
        end = following.times.starts_at if following and next_day == one else None
        if next_day is None or next_day >= one:
            slot = Slot(TimePoint.DAY_1, visit.infusion_id)
            found.append(_days(facts.tz, slot, visit.number, asked, one, one, end))
    last = day + timedelta(days=7)
    if next_day is not None:
        last = min(last, next_day - timedelta(days=1))
    first = day + timedelta(days=2)
    if first <= last and (asked := plan.asked(TimePoint.DAY_2_7, visit.number, facts.infusions)):
        slot = Slot(TimePoint.DAY_2_7, visit.infusion_id)
        found.append(_days(facts.tz, slot, visit.number, asked, first, last))
    return found


def _weekly(facts: CourseFacts, plan: Plan, visits: Sequence[VisitFacts]) -> list[Occasion]:
    asked = plan.asked(TimePoint.WEEKLY)
    done = [visit for visit in visits if visit.status is InfusionStatus.COMPLETED]
    if not asked or not done or not facts.is_over:
        return []
    day = _day(done[-1].times.starts_at, facts.tz)
    return [
        _days(
            facts.tz,
            Slot(TimePoint.WEEKLY, week=week),
            0,
            asked,
            day + timedelta(days=7 * week),
            day + timedelta(days=7 * week + 6),
        )
        for week in range(1, WEEKS + 1)
    ]


def _days(
    tz: str,
    slot: Slot,
    number: int,
    asked: tuple[Key, ...],
    first: date,
    last: date,
    end: datetime | None = None,
) -> Occasion:
    """An occasion of whole days, both included, or until `end`; due at nine, late from the second day on."""
    opens = _at(first, time(), tz)
    closes = end or _at(last + timedelta(days=1), time(), tz)
    due = min(_at(first, MORNING, tz), closes)
    late = _at(first, time(18), tz) if first == last else _at(first + timedelta(days=1), MORNING, tz)
    return Occasion(slot, number, asked, opens, due, min(late, closes), closes)


def _day(instant: datetime, tz: str) -> date:
    return instant.astimezone(ZoneInfo(tz)).date()


def _at(day: date, clock: time, tz: str) -> datetime:
    return datetime.combine(day, clock, tzinfo=ZoneInfo(tz)).astimezone(UTC)

"""A course as its ratings see it: its visits, its plan, and what was given. No value is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.occasions import (
    CourseFacts,
    Occasion,
    Slot,
    State,
    VisitFacts,
    occasions,
)
from scheduler.features.ratings.plan import Plan, plan_of
from scheduler.features.ratings.timing import hours
from scheduler.models import Course, CourseStatus, Infusion, Rating, SignedRecord, TimePoint

OVER = frozenset({CourseStatus.COMPLETED, CourseStatus.DISCONTINUED})
Given = frozenset[tuple[Slot, str]]


@dataclass(frozen=True)
class Asked:
    """The occasions of one course, and the pairs of slot and instrument that were given.

    `signed_at` is when its course log was signed: what was to come then is asked no more.
    """

    plan: Plan
    occasions: tuple[Occasion, ...]
    given: Given
    signed_at: datetime | None = None

    def is_closed(self, slot: Slot) -> bool:
        """Whether the course log is signed, and the slot a part of it. The weeks after go on beside it."""
        return self.signed_at is not None and slot.point is not TimePoint.WEEKLY

    def of(self, slot: Slot) -> Occasion:
        """The occasion at a slot. Raises NotFoundError where the course has none, or has none any more."""
        found = next((one for one in self.occasions if one.slot == slot), None)
        if found is None:
            raise NotFoundError("There is no such rating. Its visit may have been cancelled.")
        return found

    def waiting(self, now: datetime) -> list[tuple[Occasion, State]]:
        """The occasions that are due or late."""
        states = [(one, one.state(now, self.given)) for one in self.occasions]
        return [(one, state) for one, state in states if state in (State.DUE, State.LATE)]


def course_facts(course: Course, tz: str, visits: Sequence[Infusion]) -> CourseFacts:
    """The facts that its occasions follow from; `tz` is its site's zone."""
    version = course.protocol_version
    return CourseFacts(
        tz=tz,
        infusions=version.infusions,
        booked_at=course.booked_at,
        is_over=course.status in OVER,
        visits=[
            VisitFacts(visit.id, visit.number, visit.status, hours(visit, version.phases)) for visit in visits
        ],
    )


def asked_of(session: Session, course_id: int) -> Asked:
    """The occasions of a course. Raises NotFoundError."""
    course = session.get(Course, course_id)
    if course is None:
        raise NotFoundError("There is no such course.")
    return asked_of_all(session, [course])[course_id]


def asked_of_all(
    session: Session,
    courses: Sequence[Course],
    plan_in: Callable[[Mapping[str, Any] | None], Plan] = plan_of,
    given_in: Callable[[Session, Iterable[int]], dict[int, Given]] | None = None,
) -> dict[int, Asked]:
    """The occasions of several courses, by course id, in as many queries as for one.

    `plan_in` reads what is asked out of the column `rating_plan`, `given_in` what was given: the ratings,
    unless it is said otherwise.
    """
    ids = [course.id for course in courses]
    visits: dict[int, list[Infusion]] = {course_id: [] for course_id in ids}
    rows = session.scalars(
        select(Infusion).where(Infusion.course_id.in_(ids)).order_by(Infusion.starts_at, Infusion.id)
    )
    for row in rows:
        visits[row.course_id].append(row)
    given, signed = (given_in or given_slots)(session, ids), _signed(session, ids)
    return {
        course.id: _asked(
            course,
            course.site.tz,
            visits[course.id],
            given.get(course.id, frozenset()),
            signed.get(course.id),
            plan_in(course.protocol_version.rating_plan),
        )
        for course in courses
    }


def asked_in(
    course: Course, tz: str, visits: Sequence[Infusion], ratings: Iterable[Any], signed_at: datetime | None
) -> Asked:
    """The occasions of a course from rows that somebody has read: all its visits by date, and the ratings of
    it that stand.
    """
    given = frozenset((Slot(row.time_point, row.infusion_id, row.week), row.instrument) for row in ratings)
    return _asked(course, tz, visits, given, signed_at, plan_of(course.protocol_version.rating_plan))


def _asked(
    course: Course, tz: str, visits: Sequence[Infusion], given: Given, signed_at: datetime | None, plan: Plan
) -> Asked:
    asked = occasions(course_facts(course, tz, visits), plan)
    if signed_at is not None:
        asked = tuple(_until(one, signed_at) for one in asked)
    return Asked(plan, asked, given, signed_at)


def _signed(session: Session, course_ids: list[int]) -> dict[int, datetime]:
    """When the course logs of these courses were signed."""
    rows = session.execute(
        select(SignedRecord.course_id, SignedRecord.signed_at).where(
            SignedRecord.course_id.in_(course_ids), SignedRecord.infusion_id.is_(None)
        )
    )
    return {row.course_id: row.signed_at for row in rows}


def _until(one: Occasion, signed_at: datetime) -> Occasion:
    """The occasion as it is once the course log is signed: over, unless it is one of the weeks after."""
    if one.slot.point is TimePoint.WEEKLY or one.closes_at <= signed_at:
        return one
    return replace(one, late_at=min(one.late_at, signed_at), closes_at=signed_at)


def given_slots(session: Session, course_ids: Iterable[int]) -> dict[int, Given]:
    """Which instrument was answered at which slot, by course."""
    rows = session.execute(
        select(Rating.course_id, Rating.time_point, Rating.infusion_id, Rating.week, Rating.instrument)
        .where(Rating.course_id.in_(list(course_ids)), Rating.voided_at.is_(None))
        .order_by(Rating.id)
    )
    found: dict[int, set[tuple[Slot, str]]] = {}
    for course_id, point, infusion_id, week, instrument in rows:
        found.setdefault(course_id, set()).add((Slot(point, infusion_id, week), instrument))
    return {course_id: frozenset(pairs) for course_id, pairs in found.items()}

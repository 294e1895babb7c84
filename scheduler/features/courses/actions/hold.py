"""Put a course on hold, keeping its visits until a day or releasing them, and let it go on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.call_off import call_off, scheduled
from scheduler.features.courses.actions.chores import hold_chore, unplanned_chore
from scheduler.features.courses.actions.opened import Opened, open_course, reason_of
from scheduler.features.courses.actions.place import place_visits
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done, Override, Placement
from scheduler.models import CourseStatus, InfusionStatus

NOW_THERE = (InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)


def hold_course(
    session: Session, actor: Actor, at: datetime, course_id: int, reason: str, keep_until: date | None
) -> Done:
    """Put the course on hold: its visits are kept until the day `keep_until`, or released now (None).

    Raises RuleError without a reason or for a day that has passed, ConflictError for a course that is not
    active or whose patient is here.
    """
    reason = reason_of(reason, "Write why the course is put on hold.")
    opened = open_course(session, course_id, leaving=() if keep_until else None)
    course = opened.course
    if course.status is not CourseStatus.ACTIVE:
        raise ConflictError(
            f"Only an active course can be put on hold. This one is {course.status.value.replace('_', ' ')}."
        )
    nobody_there(opened)
    if keep_until is not None and keep_until < at.astimezone(ZoneInfo(opened.site.tz)).date():
        raise RuleError(
            "The day until which visits are kept has passed. Choose a later one.", field="keep_until"
        )
    rows = [] if keep_until else scheduled(opened)
    before = look(course, rows)
    course.status, course.status_reason, course.hold_until = CourseStatus.ON_HOLD, reason, keep_until
    messages = call_off(session, at, rows, reason)
    unplanned_chore(session, actor, at, opened)
    if keep_until:
        hold_chore(session, at, opened, keep_until)
    change = write_change(session, actor, at, course, "held", before, rows, reason=reason)
    return done_of(change, course, messages)


def resume_course(
    session: Session,
    actor: Actor,
    at: datetime,
    course_id: int,
    placements: Sequence[Placement] = (),
    *,
    seen: Mapping[int, int] | None = None,
    override: Override | None = None,
    key: str | None = None,
) -> Done:
    """Let the course go on, with these visits placed; without any, its open numbers are planned next."""
    return place_visits(
        session, actor, at, course_id, placements, seen=seen or {}, kind="resumed", override=override, key=key
    )


def nobody_there(opened: Opened) -> None:
    """Refuse to stop a course while its patient is at the clinic."""
    if any(row.status in NOW_THERE for row in opened.course.infusions):
        raise ConflictError("The patient is here. Complete the visit or hold it back first.")

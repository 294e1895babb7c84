"""End a course before its last visit."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.courses.actions.call_off import call_off, scheduled
from scheduler.features.courses.actions.chores import hold_over, unplanned_chore
from scheduler.features.courses.actions.hold import nobody_there
from scheduler.features.courses.actions.opened import open_course, reason_of
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.models import CourseStatus


def discontinue_course(session: Session, actor: Actor, at: datetime, course_id: int, reason: str) -> Done:
    """End the course and cancel what is still to come.

    Raises RuleError without a reason, ConflictError for a course that is over or whose patient is here.
    """
    reason = reason_of(reason, "Write why the course ends early. The reason stays with the course.")
    opened = open_course(session, course_id, leaving=None)
    course = opened.course
    if course.status in (CourseStatus.COMPLETED, CourseStatus.DISCONTINUED):
        raise ConflictError(f"The course is {course.status.value} already.")
    nobody_there(opened)
    rows = scheduled(opened)
    before = look(course, rows)
    course.status, course.status_reason = CourseStatus.DISCONTINUED, reason
    course.hold_until, course.closed_at = None, at
    messages = call_off(session, at, rows, reason)
    hold_over(session, actor, at, opened, "The course was discontinued.")
    unplanned_chore(session, actor, at, opened)
    change = write_change(session, actor, at, course, "discontinued", before, rows, reason=reason)
    return done_of(change, course, messages)

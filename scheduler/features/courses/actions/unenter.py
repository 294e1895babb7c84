"""Take back a course that was entered by mistake. Its rows stay: cancelled, in a course that has ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.courses.actions.call_off import call_off
from scheduler.features.courses.actions.chores import counted_chore, unplanned_chore
from scheduler.features.courses.actions.opened import Opened
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.models import CourseChange, CourseStatus, InfusionStatus, Rating

BY_MISTAKE = "Entered by mistake"


def unenter(session: Session, actor: Actor, at: datetime, opened: Opened, change: CourseChange) -> Done:
    """Undo the `change` that entered the course `opened`, whose visits are as it left them.

    Raises ConflictError where something followed: another change, or a rating.
    """
    _must_be_last(session, opened, change)
    course = opened.course
    rows = [opened.visit(each.infusion_id) for each in change.infusions]
    before = look(course, rows)
    ahead = [row for row in rows if row.status is InfusionStatus.SCHEDULED]
    for row in rows:
        if row not in ahead:
            row.status, row.status_reason = InfusionStatus.CANCELLED, BY_MISTAKE
            counted_chore(session, actor, at, row, "It was entered by mistake.")
    messages = call_off(session, at, ahead, BY_MISTAKE)
    course.status, course.status_reason, course.closed_at = CourseStatus.DISCONTINUED, BY_MISTAKE, at
    session.flush()
    unplanned_chore(session, actor, at, opened)
    written = write_change(session, actor, at, course, "undone", before, rows, undoes_id=change.id)
    return done_of(written, course, messages)


def _must_be_last(session: Session, opened: Opened, change: CourseChange) -> None:
    later = session.scalar(
        select(CourseChange.actor).where(
            CourseChange.course_id == opened.course.id, CourseChange.id > change.id
        )
    )
    if later is not None:
        raise ConflictError(f"The course was changed by {later} since it was entered. It was not taken back.")
    rated = select(Rating.id).where(Rating.course_id == opened.course.id).limit(1)
    if session.scalar(rated) is not None:
        raise ConflictError("A rating was recorded since the course was entered. It was not taken back.")

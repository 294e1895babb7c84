"""Give back the visits that a course on hold kept, once the day until which they were kept is over.

Any number of workers look; whoever opens the course first does it. The others find it done behind the
lock, so it happens once, and a course that somebody resumed in that very minute keeps its visits.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.courses.actions.call_off import call_off, scheduled
from scheduler.features.courses.actions.chores import hold_over, released_chore
from scheduler.features.courses.actions.opened import open_course
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.features.courses.words import day_words
from scheduler.models import CourseStatus


def release_kept(session: Session, actor: Actor, at: datetime, course_id: int) -> Done | None:
    """Cancel what the course keeps and tell the patient; None where nothing is to be released."""
    opened = open_course(session, course_id, leaving=None)
    course, until = opened.course, opened.course.hold_until
    today = at.astimezone(ZoneInfo(opened.site.tz)).date()
    if course.status is not CourseStatus.ON_HOLD or until is None or until >= today:
        return None
    reason = f"Kept until {day_words(until)}, and nobody resumed the course"
    rows = scheduled(opened)
    before = look(course, rows)
    course.hold_until = None
    messages = call_off(session, at, rows, reason)
    hold_over(session, actor, at, opened, "The day has passed.")
    released_chore(session, at, opened, until, len(rows))
    change = write_change(session, actor, at, course, "released", before, rows, reason=reason)
    return done_of(change, course, messages)

"""What waits for somebody at the desk: a course on hold whose visits are kept for some days more."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar, at
from scheduler.cli.demo.staff import Staff
from scheduler.features.courses.actions.hold import hold_course
from scheduler.models import Course, CourseStatus, InfusionStatus, Role

WHY = "Has the flu, calls when well"
KEPT_DAYS = 5
CALLED = 16 * 60 + 40


def put_on_hold(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Put one course that has begun on hold yesterday; its next visit is two days away or more."""
    courses = session.scalars(
        select(Course)
        .options(selectinload(Course.infusions))
        .where(Course.status == CourseStatus.ACTIVE)
        .order_by(Course.id)
    ).all()
    able = [course for course in courses if _can_wait(course, calendar)]
    if not able:
        return
    course = stream(seed, "on hold").choice(able)
    clerk = staff.of(Role.FRONT_DESK, course.site_id)[0]
    until = calendar.today + timedelta(days=KEPT_DAYS)
    hold_course(session, Actor(clerk.id, clerk.name), at(calendar.day(-1), CALLED), course.id, WHY, until)


def _can_wait(course: Course, calendar: Calendar) -> bool:
    ahead = [row for row in course.infusions if row.status is InfusionStatus.SCHEDULED]
    done = [row for row in course.infusions if row.status is InfusionStatus.COMPLETED]
    before, soon = calendar.day(-1), calendar.day(1)
    return (
        any(row.local_day < before for row in done)
        and len(ahead) > 1
        and all(not before <= row.local_day <= soon for row in course.infusions)
    )

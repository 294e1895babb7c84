"""Who waits for another time: a few of those with visits ahead, each with a wish of their own."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.staff import Staff
from scheduler.errors import RuleError
from scheduler.features.waiting.actions.entries import add_entry
from scheduler.features.waiting.wish import ALL_WEEK, Wish
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, Role

HOW_MANY = 9
MORNINGS = frozenset(f"{day}a" for day in range(5))
AFTERNOONS = frozenset(f"{day}p" for day in range(5))
WISHES = (
    Wish(True, ALL_WEEK, 24, "any time of the day", "Travels at the end of the course"),
    Wish(False, MORNINGS, 48, "after 16:00", "Works in the afternoon from now on"),
    Wish(False, AFTERNOONS, 24, "", "Is driven by a neighbor, who can only come after lunch"),
    Wish(True, ALL_WEEK, 4, "text first, then call", ""),
)


def let_wait(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Put a few patients on the list during the last two days: for a visit, or for the rest of a course."""
    chance = stream(seed, "waiting list")
    courses = session.scalars(
        select(Course)
        .options(selectinload(Course.infusions))
        .where(Course.status == CourseStatus.ACTIVE)
        .order_by(Course.id)
    ).all()
    soon = calendar.morning + timedelta(days=2)
    rows = {course: [row for row in course.infusions if _is_ahead(row, calendar)] for course in courses}
    able = [course for course in courses if len(rows[course]) > 1 and rows[course][0].starts_at > soon]
    for at, course in enumerate(chance.sample(able, min(HOW_MANY, len(able)))):
        clerk = staff.of(Role.FRONT_DESK, course.site_id)[0]
        when = max(course.booked_at, calendar.morning - timedelta(hours=5 * at + 16)) + timedelta(minutes=7)
        row = None if at % 4 == 3 else chance.choice(rows[course]).id
        wish = WISHES[at % len(WISHES)]
        if course.patient.phone is None:
            wish = replace(wish, reach="by e-mail")
        try:
            add_entry(session, Actor(clerk.id, clerk.name), when, course.id, row, wish)
        except RuleError:  # The visit lies as wished already.
            continue


def _is_ahead(row: Infusion, calendar: Calendar) -> bool:
    return row.status is InfusionStatus.SCHEDULED and row.local_day > calendar.today

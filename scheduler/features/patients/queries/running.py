"""Which course each patient of a list is in, as dots, and when they come next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus, ProtocolVersion

DOTS = {
    InfusionStatus.SCHEDULED: "open",
    InfusionStatus.ARRIVED: "today",
    InfusionStatus.IN_PROGRESS: "today",
    InfusionStatus.COMPLETED: "done",
    InfusionStatus.MISSED: "missed",
    InfusionStatus.CANCELLED: "cancelled",
}
STOPPED = {True: "done", False: "left", None: "stopped"}
"""Stopped early: it counts, it does not and one more comes at the end, nobody has said it yet."""


@dataclass(frozen=True)
class Running:
    """A course under way or on hold: `dots` by number, and the next visit in the site's own time."""

    course_id: int
    protocol: str
    on_hold: bool
    dots: tuple[str, ...]
    next_start: datetime | None


def running_courses(session: Session, patient_ids: Iterable[int], now: datetime) -> dict[int, Running]:
    """Patient id to the course they are in, the one booked last if there are two. Three queries in all."""
    courses = session.scalars(
        select(Course)
        .options(
            selectinload(Course.infusions),
            joinedload(Course.site),
            joinedload(Course.protocol_version).joinedload(ProtocolVersion.protocol),
        )
        .where(
            Course.patient_id.in_(list(patient_ids)),
            Course.status.in_((CourseStatus.ACTIVE, CourseStatus.ON_HOLD)),
        )
        .order_by(Course.patient_id, Course.booked_at, Course.id)
    ).all()
    return {course.patient_id: _running(course, now) for course in courses}


def _running(course: Course, now: datetime) -> Running:
    zone = ZoneInfo(course.site.tz)
    ahead = [
        visit.starts_at
        for visit in course.infusions
        if visit.status is InfusionStatus.SCHEDULED and visit.starts_at >= now
    ]
    return Running(
        course_id=course.id,
        protocol=course.protocol_version.protocol.name,
        on_hold=course.status is CourseStatus.ON_HOLD,
        dots=_dots(course.infusions, course.protocol_version.infusions, now.astimezone(zone)),
        next_start=min(ahead).astimezone(zone) if ahead else None,
    )


def _dots(visits: Sequence[Infusion], numbers: int, local: datetime) -> tuple[str, ...]:
    """One dot a number. Rows come in order of making, so a replacement hides the missed one before it."""
    found: dict[int, str] = {}
    for visit in visits:
        is_today = visit.status is InfusionStatus.SCHEDULED and visit.local_day == local.date()
        stopped = STOPPED[visit.counts] if visit.stopped_early else None
        found[visit.number] = "today" if is_today else stopped or DOTS[visit.status]
    wanted = numbers + sum(state == "left" for state in found.values())
    return tuple(found.get(number, "open") for number in range(1, max(wanted, *found, 1) + 1))

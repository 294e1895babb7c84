"""Courses whose visits stand already, for rules that come after booking."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions import enqueue
from scheduler.models import Course, Infusion, Message, Patient, Purpose
from tests.support.clinic import NOW, SmallClinic


def wall(clinic: SmallClinic, text: str) -> datetime:
    """The instant of a wall time at the clinic, such as `2026-11-10 09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(clinic.site.tz)).astimezone(UTC)


def make_course(
    session: Session,
    clinic: SmallClinic,
    starts: Sequence[datetime],
    *,
    booked_at: datetime = NOW,
    patient: Patient | None = None,
    chair: int = 0,
) -> tuple[Course, list[Infusion]]:
    """Add a course with a two-hour visit at each start."""
    person = patient or clinic.patient
    number = (session.scalar(select(func.count(Course.id))) or 0) + 1
    course = Course(
        patient_id=person.id,
        site_id=clinic.site.id,
        protocol_version_id=clinic.protocol_version.id,
        booking_key=f"key-{number}",
        booking_digest="",
        booked_at=booked_at,
    )
    session.add(course)
    session.flush()
    visits = []
    for position, start in enumerate(starts, 1):
        end = start + timedelta(hours=2)
        visits.append(
            Infusion(
                course_id=course.id,
                patient_id=person.id,
                site_id=clinic.site.id,
                chair_id=clinic.chairs[chair].id,
                number=position,
                starts_at=start,
                ends_at=end,
                chair_until=end,
                local_day=start.astimezone(ZoneInfo(clinic.site.tz)).date(),
                scheduled_at=booked_at,
                ics_uid=f"course{course.id}-visit{position}@sixfold",
                ics_dtstamp=booked_at,
                ics_organizer=clinic.site.from_email,
            )
        )
    session.add_all(visits)
    session.flush()
    return course, visits


def confirm(session: Session, course: Course, visits: Sequence[Infusion], at: datetime = NOW) -> Message:
    """Write the course's confirmation, as booking does."""
    return enqueue(
        session,
        at,
        purpose=Purpose.BOOKING_CONFIRMATION,
        patient_id=course.patient_id,
        language="en",
        dedupe_key=f"booking_confirmation:course:{course.id}:email",
        course_id=course.id,
        facts={
            "course_id": course.id,
            "visits": [
                {
                    "infusion_id": row.id,
                    "starts_at": row.starts_at.isoformat(),
                    "schedule_version": row.schedule_version,
                }
                for row in visits
            ],
        },
    )

"""One patient has one course at a time: what stands in the way of a course from before."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import ConflictError
from scheduler.features.courses.standing import FREED
from scheduler.features.courses.words import day_words
from scheduler.models import Course, CourseStatus, Infusion, Patient, Protocol, ProtocolVersion

GOING_ON = (CourseStatus.ACTIVE, CourseStatus.ON_HOLD)


def refuse_overlap(session: Session, patient: Patient, days: Sequence[date], *, goes_on: bool) -> None:
    """Raise ConflictError where another course of the patient takes up the same days.

    A course takes up the days from its first visit that stands to its last, and one that goes on all days
    after. `goes_on` says that of the course that is entered.
    """
    first, last = min(days), date.max if goes_on else max(days)
    for row in session.execute(
        select(
            Course.id,
            Course.status,
            Protocol.name,
            func.min(Infusion.local_day).label("first"),
            func.max(Infusion.local_day).label("last"),
        )
        .join(Infusion, Infusion.course_id == Course.id)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .join(Protocol, Protocol.id == ProtocolVersion.protocol_id)
        .where(Course.patient_id == patient.id, Infusion.status.not_in(FREED))
        .group_by(Course.id, Course.status, Protocol.name)
        .order_by(Course.id)
    ):
        ends = date.max if row.status in GOING_ON else row.last
        if row.first <= last and first <= ends:
            raise ConflictError(_words(patient, row.name, row.first, row.last, row.status), course_id=row.id)


def _words(patient: Patient, protocol: str, first: date, last: date, status: CourseStatus) -> str:
    said = "a course that goes on" if status in GOING_ON else "a course"
    return (
        f"{patient.name} has {said} in that time already: {protocol}, {day_words(first)} {first.year} to "
        f"{day_words(last)} {last.year}. Nothing was entered. Open that course, or check the dates."
    )

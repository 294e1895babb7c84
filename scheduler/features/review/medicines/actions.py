"""Noting, ending and striking out a medicine, until the course log is signed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.review.medicines.entry import MedicineEntry
from scheduler.features.review.medicines.queries import is_signed
from scheduler.models import Course, CourseMedicine

EARLIEST = date(1920, 1, 1)


def note_medicine(session: Session, actor: Actor, at: datetime, course_id: int, entry: MedicineEntry) -> None:
    """Note one beside a course; the same one, noted twice, counts once. Raises NotFoundError, RuleError, and
    ConflictError after the sign-off.
    """
    course = _open(session, course_id)
    today = _today(course, at)
    _check("from_day", entry.from_day, None, today)
    _check("until_day", entry.until_day, entry.from_day, today)
    same = session.scalars(
        select(CourseMedicine).where(
            CourseMedicine.course_id == course_id,
            CourseMedicine.name == entry.name,
            CourseMedicine.dose == entry.dose,
            CourseMedicine.struck_at.is_(None),
        )
    ).all()
    if any((row.from_day, row.until_day) == (entry.from_day, entry.until_day) for row in same):
        return
    session.add(
        CourseMedicine(
            course_id=course_id,
            name=entry.name,
            dose=entry.dose,
            from_day=entry.from_day,
            until_day=entry.until_day,
            noted_at=at,
            noted_by_id=actor.user_id,
        )
    )
    record(session, actor, at, "course.medicine_noted", "course", course_id, course.patient_id)


def end_medicine(
    session: Session, actor: Actor, at: datetime, course_id: int, medicine_id: int, until_day: date
) -> None:
    """Note the last day on which it was taken. Raises NotFoundError, RuleError, ConflictError."""
    course = _open(session, course_id)
    row = _standing(session, course_id, medicine_id)
    _check("until_day", until_day, row.from_day, _today(course, at))
    if row.until_day == until_day:
        return
    if row.until_day is not None:
        raise ConflictError(f"Somebody noted {row.until_day:%d %b %Y} as its last day before you.")
    row.until_day = until_day
    record(session, actor, at, "course.medicine_ended", "course", course_id, course.patient_id)


def strike_medicine(
    session: Session, actor: Actor, at: datetime, course_id: int, medicine_id: int, reason: str
) -> None:
    """Strike out one that was written by mistake; it stays readable. Raises NotFoundError, ConflictError."""
    course = _open(session, course_id)
    row = _standing(session, course_id, medicine_id)
    row.struck_at, row.struck_reason = at, reason
    record(session, actor, at, "course.medicine_struck", "course", course_id, course.patient_id)


def _open(session: Session, course_id: int) -> Course:
    """The course, locked, while its log is not signed."""
    course = session.get(Course, course_id, with_for_update=True)
    if course is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    if is_signed(session, course_id):
        raise ConflictError("The course log is signed. Write what has to be said as an addendum.")
    return course


def _standing(session: Session, course_id: int, medicine_id: int) -> CourseMedicine:
    row = session.get(CourseMedicine, medicine_id)
    if row is None or row.course_id != course_id:
        raise NotFoundError("That medicine is not noted for this course. Open the course again.")
    if row.struck_at is not None:
        raise ConflictError("Somebody struck it out before you.")
    return row


def _today(course: Course, at: datetime) -> date:
    return at.astimezone(ZoneInfo(course.site.tz)).date()


def _check(name: str, day: date | None, first: date | None, today: date) -> None:
    if day is None:
        return
    if day > today:
        raise RuleError("Only days until today can be noted.", field=name)
    if day < EARLIEST:
        raise RuleError("Write the day again: that is too long ago.", field=name)
    if first is not None and day < first:
        raise RuleError("The last day can't be before the first.", field=name)

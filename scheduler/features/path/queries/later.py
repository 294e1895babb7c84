"""What follows "suitable", read from the patient: consents, the course, its baseline ratings."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.intake.consents.needs import consents_of
from scheduler.features.path.stages import Later
from scheduler.features.ratings.queries.facts import asked_of
from scheduler.models import Course, Patient, Rating, TimePoint


def later_of(session: Session, patient: Patient, course: Course | None, tz: str) -> tuple[Later, ...]:
    """One for each of `stages.AFTER`; what nothing asks for is done without a day."""
    zone = ZoneInfo(tz)
    return (_consents(session, patient, zone), _course(course, zone), _baseline(session, course, zone))


def _consents(session: Session, patient: Patient, zone: ZoneInfo) -> Later:
    needed = consents_of(session, patient)
    signed = [each.signed_at for each in needed if each.signed_at is not None]
    is_done = len(signed) == len(needed)
    return Later(is_done, _day(max(signed, default=None), zone) if is_done else None)


def _course(course: Course | None, zone: ZoneInfo) -> Later:
    return Later(course is not None, _day(course.booked_at if course else None, zone))


def _baseline(session: Session, course: Course | None, zone: ZoneInfo) -> Later:
    if course is None:
        return Later(False)
    asked = asked_of(session, course.id)
    baseline = [one for one in asked.occasions if one.slot.point is TimePoint.BASELINE]
    if any(one.lacking(asked.given) for one in baseline):
        return Later(False)
    newest = session.scalar(
        select(Rating.rated_at)
        .where(Rating.course_id == course.id, Rating.time_point == TimePoint.BASELINE)
        .where(Rating.voided_at.is_(None))
        .order_by(Rating.rated_at.desc())
        .limit(1)
    )
    return Later(True, _day(newest, zone))


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return at.astimezone(zone).date() if at else None

"""Courses and visits as rows, for tests of what is shown: no planner, no order, no messages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.ratings.instruments import ANXIETY_NOW, Instrument
from scheduler.features.ratings.slots import OF_COURSE
from scheduler.models import (
    Chair,
    Course,
    Infusion,
    InfusionStatus,
    Patient,
    ProtocolVersion,
    Rating,
    RatingSource,
    Site,
    TimePoint,
)
from tests.support.clinic import NOW, SmallClinic

NEXT = count(1)
VISIT = timedelta(minutes=120)


def local(site: Site, day: date, clock: str) -> datetime:
    """The instant of a wall-clock time such as "09:30" at a site, in UTC."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(site.tz)).astimezone(UTC)


def add_course(
    session: Session,
    clinic: SmallClinic,
    patient: Patient | None = None,
    *,
    site: Site | None = None,
    version: ProtocolVersion | None = None,
) -> Course:
    """A course without visits, booked by the front desk."""
    key = f"key-{next(NEXT)}"
    course = Course(
        patient_id=(patient or clinic.patient).id,
        site_id=(site or clinic.site).id,
        protocol_version_id=(version or clinic.protocol_version).id,
        booking_key=key,
        booking_digest=key,
        booked_at=NOW,
        booked_by_id=clinic.users["front_desk"].id,
    )
    session.add(course)
    session.flush()
    return course


def add_visit(
    session: Session,
    course: Course,
    chair: Chair,
    number: int,
    starts_at: datetime,
    status: InfusionStatus = InfusionStatus.SCHEDULED,
    *,
    tz: str = "America/New_York",
    **facts: object,
) -> Infusion:
    """One visit of two hours on a chair of the course's site; `facts` are further columns."""
    visit = Infusion(
        course_id=course.id,
        patient_id=course.patient_id,
        site_id=chair.site_id,
        chair_id=chair.id,
        number=number,
        status=status,
        starts_at=starts_at,
        ends_at=starts_at + VISIT,
        chair_until=starts_at + VISIT,
        local_day=starts_at.astimezone(ZoneInfo(tz)).date(),
        scheduled_at=NOW,
        ics_uid=f"visit-{next(NEXT)}@riverside.example",
        ics_dtstamp=NOW,
        ics_organizer="appointments@riverside.example",
        **facts,
    )
    session.add(visit)
    session.flush()
    return visit


def add_rating(
    session: Session,
    visit: Infusion,
    point: TimePoint,
    total: int,
    rated_at: datetime | None = None,
    *,
    instrument: Instrument = ANXIETY_NOW,
    week: int = 0,
) -> Rating:
    """One current rating of a visit, or of its course; the whole total stands in the first answers."""
    at = rated_at or visit.starts_at
    answers = [
        max(0, min(instrument.most, total - place * instrument.most)) for place in range(instrument.length)
    ]
    rating = Rating(
        course_id=visit.course_id,
        infusion_id=None if point in OF_COURSE else visit.id,
        patient_id=visit.patient_id,
        instrument=instrument.code,
        instrument_version=instrument.version,
        language="en",
        time_point=point,
        week=week,
        answers=answers,
        total=total,
        source=RatingSource.STAFF,
        rated_at=at,
        entered_at=at,
    )
    session.add(rating)
    session.flush()
    return rating


def add_six(
    session: Session,
    clinic: SmallClinic,
    days: Sequence[date],
    clock: str = "09:00",
    *,
    patient: Patient | None = None,
    chair: int = 0,
    completed: int = 0,
) -> tuple[Course, list[Infusion]]:
    """A course with a visit on each of `days`, the first `completed` of them completed."""
    course = add_course(session, clinic, patient)
    visits = [
        add_visit(
            session,
            course,
            clinic.chairs[chair],
            number,
            local(clinic.site, day, clock),
            InfusionStatus.COMPLETED if number <= completed else InfusionStatus.SCHEDULED,
        )
        for number, day in enumerate(days, 1)
    ]
    return course, visits

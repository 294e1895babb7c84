"""One course with everything about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.courses.history import HistoryLine, history_of_course
from scheduler.features.courses.standing import open_numbers
from scheduler.features.desk.dots import completed, of_how_many, six
from scheduler.features.desk.line import Limits, Stop, VisitRow, line_of
from scheduler.features.desk.words import days, period
from scheduler.features.ratings import queries as ratings
from scheduler.models import (
    Chair,
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Patient,
    ProtocolVersion,
    Site,
    User,
)

OPEN = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)


@dataclass(frozen=True)
class CoursePage:
    """A course as its page shows it; times at the site. `booked_by` is None where no person booked it."""

    course_id: int
    patient_id: int
    patient: str
    birth_date: date
    record_number: str
    archived: bool
    protocol: str
    protocol_version: int
    status: str
    status_reason: str | None
    closed_at: datetime | None
    site: str
    site_id: int
    booked_at: datetime
    booked_by: str | None
    entered: bool
    six: list[str]
    visits: list[VisitRow]
    line: list[Stop]
    next_visit: VisitRow | None
    span: str
    length: str
    today: date
    history: Sequence[HistoryLine]
    hold_until: date | None
    unplanned: Sequence[int]

    @property
    def completed(self) -> int:
        """How many infusions are completed."""
        return completed(self.six)

    @property
    def planned(self) -> int:
        """How many infusions are to count; neither replacements nor what does not count is added."""
        return of_how_many(self.six)


def course_page(session: Session, course_id: int, now: datetime) -> CoursePage:
    """The page of one course. Raises NotFoundError."""
    found = session.execute(
        select(Course, Patient, Site, User.name.label("booked_by"))
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .outerjoin(User, User.id == Course.booked_by_id)
        .where(Course.id == course_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    course, patient, site, booked_by = found
    zone = ZoneInfo(site.tz)
    today = now.astimezone(zone).date()
    version = course.protocol_version
    rows = session.execute(
        select(Infusion, func.coalesce(Chair.name, "No chair on record").label("chair"))
        .outerjoin(Chair, Chair.id == Infusion.chair_id)
        .where(Infusion.course_id == course_id)
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()
    infusions = [row.Infusion for row in rows]
    visits = [visit_row(row.Infusion, row.chair, zone) for row in rows]
    due = ratings.due(session, infusions, {course_id: version}, now)
    first, last = visits[0].local_day, visits[-1].local_day
    return CoursePage(
        course_id=course.id,
        patient_id=patient.id,
        patient=patient.name,
        birth_date=patient.birth_date,
        record_number=patient.record_number,
        archived=patient.archived_at is not None,
        protocol=version.protocol.name,
        protocol_version=version.version,
        status=course.status.value,
        status_reason=course.status_reason,
        closed_at=course.closed_at.astimezone(zone) if course.closed_at else None,
        site=site.name,
        site_id=site.id,
        booked_at=course.booked_at.astimezone(zone),
        booked_by=booked_by,
        entered=course.entered,
        six=six(infusions, today, version.infusions),
        visits=visits,
        line=line_of(visits, _limits(version), due, today),
        next_visit=next((visit for visit in visits if _is_ahead(visit, now)), None),
        span=period(first, last),
        length=days((last - first).days + 1),
        today=today,
        history=history_of_course(session, course.id, site.tz, now),
        hold_until=course.hold_until,
        unplanned=open_numbers(infusions, version.infusions) if course.status is CourseStatus.ACTIVE else (),
    )


def visit_row(infusion: Infusion, chair: str, zone: ZoneInfo) -> VisitRow:
    """An infusion with its times at the site."""
    return VisitRow(
        infusion.id,
        infusion.number,
        infusion.status,
        infusion.status_reason,
        infusion.stopped_early,
        infusion.counts,
        infusion.starts_at.astimezone(zone),
        infusion.ends_at.astimezone(zone),
        infusion.local_day,
        chair,
    )


def _is_ahead(visit: VisitRow, now: datetime) -> bool:
    return visit.status in OPEN and visit.ends_at > now


def _limits(version: ProtocolVersion) -> Limits:
    return Limits(version.gap_min, version.gap_max, version.recovery_gap_max)

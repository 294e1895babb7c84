"""Reading courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from scheduler.errors import NotFoundError
from scheduler.models import Course, CourseStatus, Infusion, InfusionChange, Patient, ProtocolVersion, Site

NO_COURSE = "There is no such course. It may belong to a patient who was merged or removed."


def today(session: Session, now: datetime) -> date:
    """The local date at the site where it is earliest: no day that is still on somewhere is past."""
    zones = session.scalars(select(Site.tz).where(Site.archived_at.is_(None)).distinct()).all()
    return min((now.astimezone(ZoneInfo(zone)).date() for zone in zones), default=now.date())


def course(session: Session, course_id: int) -> Course:
    """One course with its infusions, patient, site and protocol version. Raises NotFoundError."""
    found = session.scalar(
        select(Course)
        .options(
            selectinload(Course.infusions),
            selectinload(Course.patient),
            selectinload(Course.site),
            selectinload(Course.protocol_version),
        )
        .where(Course.id == course_id)
    )
    if found is None:
        raise NotFoundError(NO_COURSE)
    return found


def whose(session: Session, course_id: int) -> tuple[Patient, ZoneInfo]:
    """The patient of a course, and the zone in which its times are told. Raises NotFoundError."""
    found = session.execute(
        select(Patient, Site.tz)
        .select_from(Course)
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.id == course_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(NO_COURSE)
    return found[0], ZoneInfo(found[1])


def courses(session: Session, patient_id: int | None, after: int | None, limit: int) -> Sequence[Course]:
    """Courses in the order of their booking, of all patients or one, beyond the course `after`."""
    statement = select(Course).options(
        joinedload(Course.protocol_version).joinedload(ProtocolVersion.protocol)
    )
    if patient_id is not None:
        statement = statement.where(Course.patient_id == patient_id)
    if after is not None:
        statement = statement.where(Course.id > after)
    return session.scalars(statement.order_by(Course.id).limit(limit)).all()


def infusion(session: Session, infusion_id: int) -> Infusion:
    """One visit. Raises NotFoundError."""
    found = session.get(Infusion, infusion_id)
    if found is None:
        raise NotFoundError("There is no such visit.")
    return found


@dataclass(frozen=True)
class VisitBefore:
    """How a visit stood before a change."""

    schedule_version: int
    status: str


def before_change(session: Session, change_id: int, infusion_id: int) -> VisitBefore | None:
    """How a visit stood when the change `change_id` took hold of it; None where that left it as it was."""
    facts = session.scalars(
        select(InfusionChange.before).where(
            InfusionChange.change_id == change_id, InfusionChange.infusion_id == infusion_id
        )
    ).one_or_none()
    return VisitBefore(facts["schedule_version"], facts["status"]) if facts else None


def visit_day(session: Session, infusion_id: int) -> tuple[int, date, str]:
    """Number, local day and time zone of a visit. Raises NotFoundError."""
    row = session.execute(
        select(Infusion.number, Infusion.local_day, Site.tz)
        .join(Site, Site.id == Infusion.site_id)
        .where(Infusion.id == infusion_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such visit. It may belong to a patient who was merged or removed.")
    return row.number, row.local_day, row.tz


def holds_over(session: Session, now: datetime) -> Sequence[int]:
    """The courses on hold whose last day of keeping visits has passed at their site, in order."""
    found: list[int] = []
    for site_id, tz in session.execute(select(Site.id, Site.tz).order_by(Site.id)):
        found += session.scalars(
            select(Course.id)
            .where(
                Course.site_id == site_id,
                Course.status == CourseStatus.ON_HOLD,
                Course.hold_until < now.astimezone(ZoneInfo(tz)).date(),
            )
            .order_by(Course.id)
        )
    return found

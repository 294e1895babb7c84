"""Reading courses."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.errors import NotFoundError
from scheduler.models import Course, Site


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
        raise NotFoundError("There is no such course. It may belong to a patient who was merged or removed.")
    return found

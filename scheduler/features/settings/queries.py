"""What the settings pages show beyond what `capacity` gives."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.capacity.queries import sites
from scheduler.models import (
    Closure,
    Course,
    CourseStatus,
    DutyException,
    DutyPattern,
    ProtocolVersion,
    Site,
    User,
)

DAYS_OF_WEEK = 7


def closures_from(session: Session, site: Site, now: datetime) -> Sequence[Closure]:
    """Closures of the site and its chairs that are not over, the next one first."""
    return session.scalars(
        select(Closure)
        .where(Closure.site_id == site.id, Closure.ends_at > now)
        .order_by(Closure.starts_at, Closure.id)
    ).all()


def patterns_in(session: Session, monday: date) -> Sequence[DutyPattern]:
    """The weekly patterns that are valid on some day of the week that begins on `monday`."""
    sunday = monday + timedelta(days=DAYS_OF_WEEK - 1)
    return session.scalars(
        select(DutyPattern)
        .where(
            DutyPattern.valid_from <= sunday,
            DutyPattern.valid_until.is_(None) | (DutyPattern.valid_until >= monday),
        )
        .order_by(DutyPattern.id)
    ).all()


def exceptions_in(session: Session, monday: date) -> Sequence[DutyException]:
    """The dates of that week that differ from the pattern."""
    sunday = monday + timedelta(days=DAYS_OF_WEEK - 1)
    return session.scalars(
        select(DutyException)
        .where(DutyException.day >= monday, DutyException.day <= sunday)
        .order_by(DutyException.day, DutyException.id)
    ).all()


def staff(session: Session) -> Sequence[User]:
    """All staff by name, those who can't sign in any more last."""
    return session.scalars(select(User).order_by(User.disabled_at.is_not(None), User.name, User.id)).all()


def local_time(session: Session, at: datetime) -> datetime:
    """An instant as the clinic's first site reads it, for what belongs to no site."""
    found = sites(session)
    return at.astimezone(ZoneInfo(found[0].tz)) if found else at


def running_by_version(session: Session, protocol_id: int | None = None) -> dict[int, int]:
    """How many courses run, or are on hold, by each protocol version; of one protocol, or of all."""
    statement = (
        select(Course.protocol_version_id, func.count())
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .where(Course.status.in_([CourseStatus.ACTIVE, CourseStatus.ON_HOLD]))
        .group_by(Course.protocol_version_id)
        .order_by(Course.protocol_version_id)
    )
    if protocol_id is not None:
        statement = statement.where(ProtocolVersion.protocol_id == protocol_id)
    rows: list[tuple[int, int]] = [(row[0], row[1]) for row in session.execute(statement)]
    return dict(rows)

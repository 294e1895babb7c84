"""Published calendars as the page shows them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import PublishedCalendar, PublishedEvent, Role, Site, User, UserRole


@dataclass(frozen=True)
class PublishedLine:
    """One calendar. `state` is waiting, right, failing or ending; times local to the person's site."""

    calendar_id: int
    name: str
    url: str
    state: str
    entries: int
    created_at: datetime
    synced_at: datetime | None
    next_look_at: datetime
    error: str | None


def published(session: Session) -> list[PublishedLine]:
    """All of them, by the clinician's name."""
    count = (
        select(func.count(PublishedEvent.id))
        .where(PublishedEvent.calendar_id == PublishedCalendar.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(PublishedCalendar, User.name, User.disabled_at, Site.tz, count)
        .join(User, User.id == PublishedCalendar.user_id)
        .outerjoin(Site, Site.id == User.site_id)
        .order_by(User.name, PublishedCalendar.id)
    )
    return [_line(row, name, left is not None, tz or "UTC", number) for row, name, left, tz, number in rows]


def unpublished_clinicians(session: Session) -> list[tuple[str, str]]:
    """Clinicians whose calendar is not published, for a select field."""
    rows = session.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            UserRole.role == Role.CLINICIAN,
            User.disabled_at.is_(None),
            User.id.not_in(select(PublishedCalendar.user_id)),
        )
        .order_by(User.name, User.id)
    )
    return [(str(user_id), name) for user_id, name in rows]


def _line(row: PublishedCalendar, name: str, has_left: bool, tz: str, entries: int) -> PublishedLine:
    zone = ZoneInfo(tz)
    state = "right" if row.synced_at else "waiting"
    if row.failures:
        state = "failing"
    if has_left or not row.active:
        state = "ending"
    return PublishedLine(
        row.id,
        name,
        row.url,
        state,
        entries,
        row.created_at.astimezone(zone),
        row.synced_at.astimezone(zone) if row.synced_at else None,
        row.next_look_at.astimezone(zone),
        row.error,
    )

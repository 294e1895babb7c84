"""The list of all messages, in pages, narrowed by state, purpose, channel, day and patient."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.queries.lines import GROUPS, MessageLine, base, counts, lines
from scheduler.models import Channel, ConsultationRequest, Message, Patient, Purpose, Site

SIZE = 50
PIECE = 1_000


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None or "" leaves that out. `day` is a day at the sites' zone."""

    group: str = ""
    purpose: Purpose | None = None
    channel: Channel | None = None
    day: date | None = None
    patient: str = ""
    page: int = 1

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the group narrows the list."""
        return bool(self.purpose or self.channel or self.day or self.patient)


@dataclass(frozen=True)
class Listing:
    """One page of messages, newest first; `total` counts all that match."""

    lines: list[MessageLine]
    total: int
    first: int
    counts: dict[str, int]

    @property
    def has_older(self) -> bool:
        """Whether another page follows."""
        return self.first - 1 + len(self.lines) < self.total


def listing(session: Session, filters: Filters, site_id: int | None) -> Listing:
    """Read one page; days are those of the viewer's site, or of the first site where they have none."""
    conditions = _conditions(session, filters, site_id)
    total = session.scalar(
        select(func.count(Message.id))
        .outerjoin(Patient, Patient.id == Message.patient_id)
        .outerjoin(ConsultationRequest, ConsultationRequest.id == Message.request_id)
        .where(*conditions)
    )
    statement: Select[Any] = base().where(*conditions).limit(SIZE).offset((filters.page - 1) * SIZE)
    return Listing(lines(session, statement), total or 0, (filters.page - 1) * SIZE + 1, counts(session))


def exported(
    session: Session, filters: Filters, site_id: int | None, before: int | None
) -> list[MessageLine]:
    """The next piece of a file of all that match, newest first; `before` is the last id of the one before."""
    conditions = _conditions(session, filters, site_id)
    if before is not None:
        conditions.append(Message.id < before)
    found = base().where(*conditions).order_by(None).order_by(Message.id.desc()).limit(PIECE)
    return lines(session, found)


def _conditions(session: Session, filters: Filters, site_id: int | None) -> list[Any]:
    found: list[Any] = []
    if filters.group:
        found.append(Message.status.in_(GROUPS[filters.group]))
    if filters.purpose is not None:
        found.append(Message.purpose == filters.purpose)
    if filters.channel is not None:
        found.append(Message.channel == filters.channel)
    if filters.day is not None:
        start, end = day_bounds(filters.day, zone_of(session, site_id))
        found += [Message.created_at >= start, Message.created_at < end]
    for word in filters.patient.split():
        found.append(_named(word))
    return found


def _named(word: str) -> Any:
    text = word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    columns = (
        Patient.given_name,
        Patient.family_name,
        Patient.record_number,
        ConsultationRequest.given_name,
        ConsultationRequest.family_name,
    )
    return or_(*(func.lower(column).like(text, escape="\\") for column in columns))


def zone_of(session: Session, site_id: int | None) -> ZoneInfo:
    """The zone of a member of staff: that of their site, or of the first one where they have none."""
    zones = select(Site.tz).order_by(Site.name, Site.id).limit(1)
    if site_id is not None:
        zones = select(Site.tz).where(Site.id == site_id)
    return ZoneInfo(session.scalar(zones) or "UTC")


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a day in a zone, and that of the next: 23, 24 or 25 hours later."""
    start = datetime.combine(day, time(), tzinfo=zone)
    return start, datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)

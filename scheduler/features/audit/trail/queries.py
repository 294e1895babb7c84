"""The events of the trail, newest first, narrowed by who, what, whose record and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import AuditEvent, Patient, Site, User

SIZE = 50
NOBODY = "program"
"""Chosen for what the program, a patient's page or a command did."""


@dataclass(frozen=True)
class Filters:
    """What the trail is narrowed to; empty leaves that out.

    who: the number of a member of staff, or NOBODY; what: how the deed begins, in the words of the page;
    patient: a record number; first, last: days, both included; before: only events with a smaller number.
    """

    who: str = ""
    what: str = ""
    patient: str = ""
    first: date | None = None
    last: date | None = None
    before: int | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether anything narrows the trail."""
        return bool(self.who or self.what or self.patient or self.first or self.last)


@dataclass(frozen=True)
class Line:
    """One event as it is read; `at` is local, `details` are pairs of a name and what stands there."""

    id: int
    at: datetime
    actor: str
    deed: str
    about: str
    record_number: str
    address: str
    details: tuple[tuple[str, str], ...]


def lines(session: Session, filters: Filters, zone: ZoneInfo, size: int = SIZE) -> list[Line]:
    """The next `size` events, newest first; an unknown record number finds none."""
    rows = session.execute(
        select(AuditEvent, Patient.record_number)
        .outerjoin(Patient, Patient.id == AuditEvent.patient_id)
        .where(*_conditions(session, filters, zone))
        .order_by(AuditEvent.id.desc())
        .limit(size)
    ).all()
    return [_line(event, number or "", zone) for event, number in rows]


def people(session: Session) -> Sequence[tuple[int, str]]:
    """Everybody who is or was on the staff, by name."""
    rows = session.execute(select(User.id, User.name, User.email).order_by(User.name, User.id)).all()
    names = [row.name for row in rows]
    return [(row.id, f"{row.name} ({row.email})" if names.count(row.name) > 1 else row.name) for row in rows]


def zone_of(session: Session, site_id: int | None) -> ZoneInfo:
    """The zone of a member of staff: that of their site, or of the first one where they have none."""
    tz = session.scalar(select(Site.tz).order_by(Site.id != (site_id or 0), Site.name, Site.id).limit(1))
    return ZoneInfo(tz or "UTC")


def _conditions(session: Session, filters: Filters, zone: ZoneInfo) -> list[Any]:
    found: list[Any] = []
    if filters.who == NOBODY:
        found.append(AuditEvent.actor_id.is_(None))
    elif filters.who:
        found.append(AuditEvent.actor_id == int(filters.who))
    if filters.what:
        found.append(AuditEvent.action.startswith(_action(filters.what), autoescape=True))
    if filters.patient:
        number = session.scalar(
            select(Patient.id).where(Patient.record_number == filters.patient.upper()).limit(1)
        )
        found.append(AuditEvent.patient_id == (number or 0))
    if filters.first:
        found.append(AuditEvent.at >= _midnight(filters.first, zone))
    if filters.last:
        found.append(AuditEvent.at < _midnight(filters.last + timedelta(days=1), zone))
    if filters.before is not None:
        found.append(AuditEvent.id < filters.before)
    return found


def _action(words: str) -> str:
    """`Course booked` as it is kept: `course.booked`."""
    entity, gap, verb = words.lower().partition(" ")
    return f"{entity}.{verb.replace(' ', '_')}" if gap else entity


def _deed(action: str) -> str:
    return action.replace(".", " ", 1).replace("_", " ").capitalize()


def _line(event: AuditEvent, record_number: str, zone: ZoneInfo) -> Line:
    number = f" {event.entity_id}" if event.entity_id is not None else ""
    return Line(
        id=event.id,
        at=event.at.astimezone(zone),
        actor=event.actor,
        deed=_deed(event.action),
        about=f"{event.entity.replace('_', ' ')}{number}",
        record_number=record_number,
        address=event.address,
        details=tuple((name.replace("_", " "), _said(value)) for name, value in sorted(event.detail.items())),
    )


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(each)}" for name, each in sorted(value.items()))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)

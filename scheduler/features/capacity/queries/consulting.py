"""Consultations as the capacity knows them: what they take out of presence, and what a week holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Consultation, ConsultationRequest, Site, User
from scheduler.planning import to_wall


@dataclass(frozen=True)
class Talk:
    """One consultation of a site's week, as the desk lists it; times are local to the site."""

    id: int
    request_id: int
    name: str
    clinician: str
    way: str
    status: str
    confirmation: str
    starts_at: datetime
    ends_at: datetime
    arrived_at: datetime | None
    version: int

    @property
    def is_scheduled(self) -> bool:
        """Whether it is still to be held."""
        return self.status == "scheduled"


FREED = ("missed", "cancelled")


def consulting(
    session: Session, zone: ZoneInfo, first: date, last: date
) -> dict[tuple[int, date], list[tuple[int, int]]]:
    """By clinician and local day the minutes of the day that consultations take, at whichever site."""
    begin = datetime.combine(first, time(), zone).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    rows = session.execute(
        select(Consultation.clinician_id, Consultation.starts_at, Consultation.ends_at)
        .where(
            Consultation.starts_at >= begin,
            Consultation.starts_at < end,
            Consultation.status.not_in(FREED),
        )
        .order_by(Consultation.starts_at, Consultation.id)
    )
    found: dict[tuple[int, date], list[tuple[int, int]]] = {}
    for clinician_id, starts_at, ends_at in rows:
        start = to_wall(zone, starts_at)
        minute = start.hour * 60 + start.minute
        length = int((ends_at - starts_at).total_seconds()) // 60
        found.setdefault((clinician_id, start.date()), []).append((minute, minute + length))
    return found


def talks(session: Session, site: Site, first: date, last: date) -> tuple[Talk, ...]:
    """The consultations at a site from `first` to `last` but those that were called off, by time."""
    zone = ZoneInfo(site.tz)
    rows = session.execute(
        select(Consultation, ConsultationRequest.given_name, ConsultationRequest.family_name, User.name)
        .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
        .join(User, User.id == Consultation.clinician_id)
        .where(
            Consultation.site_id == site.id,
            Consultation.local_day >= first,
            Consultation.local_day <= last,
            Consultation.status != "cancelled",
        )
        .order_by(Consultation.starts_at, Consultation.id)
    )
    return tuple(
        Talk(
            row.id,
            row.request_id,
            f"{given} {family}".strip() or "Erased",
            clinician,
            row.way,
            row.status,
            row.confirmation,
            row.starts_at.astimezone(zone),
            row.ends_at.astimezone(zone),
            row.arrived_at.astimezone(zone) if row.arrived_at else None,
            row.version,
        )
        for row, given, family, clinician in rows
    )

"""The visits that a feed is made of, read as plain columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CompoundSelect, and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from scheduler.db.base import Instant
from scheduler.features.calendars.feeds.owners import Kind, Owner
from scheduler.models import DutyException, DutyPattern, Infusion, InfusionStatus, Patient, Site
from scheduler.rendering.facts import DateOrder, EventFacts, Locale, VisitFacts
from scheduler.rendering.phones import readable

PAST = timedelta(days=60)
KEEP_CANCELLED = timedelta(days=14)


@dataclass(frozen=True)
class FeedRow:
    """One visit with what a feed may say of it."""

    id: int
    uid: str
    sequence: int
    dtstamp: datetime
    scheduled_at: datetime
    starts_at: datetime
    ends_at: datetime
    organizer: str
    status: InfusionStatus
    site_id: int
    local_day: date
    record_number: str

    @property
    def is_cancelled(self) -> bool:
        """Whether it is shown as cancelled."""
        return self.status is InfusionStatus.CANCELLED


@dataclass(frozen=True)
class Place:
    """What entries at one site have in common."""

    tz: str
    name: str
    discreet_name: str
    address: str
    phone: str
    locale: Locale


def in_window(kind: Kind) -> ColumnElement[bool]:
    """The visits of a feed of this kind, with the parameters that `window` gives."""
    since = bindparam("cancelled_since", type_=Instant)
    shown = or_(Infusion.status != InfusionStatus.CANCELLED, Infusion.ics_dtstamp >= since)
    column = {"patient": Infusion.patient_id, "chair": Infusion.chair_id, "site": Infusion.site_id}
    sites: CompoundSelect[Any] = union(  # Those that the clinician has any duty at.
        select(DutyPattern.site_id).where(DutyPattern.user_id == bindparam("owner")),
        select(DutyException.site_id).where(
            DutyException.user_id == bindparam("owner"), DutyException.site_id.is_not(None)
        ),
    )
    held = Infusion.site_id.in_(sites) if kind == "user" else column[kind] == bindparam("owner")
    return and_(held, Infusion.starts_at >= bindparam("since", type_=Instant), shown)


def window(owner: Owner, now: datetime) -> dict[str, object]:
    """From 60 days back on, cancelled visits for 14 days.

    Both are counted from the beginning of the day in UTC, so that a feed changes by time alone once a day.
    """
    day = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return {"owner": owner.id, "since": day - PAST, "cancelled_since": day - KEEP_CANCELLED}


def rows_of(session: Session, owner: Owner, now: datetime) -> list[FeedRow]:
    """The rows of a feed by time; a clinician's are those of their sites, whoever is on duty."""
    found = session.execute(
        select(
            Infusion.id,
            Infusion.ics_uid,
            Infusion.ics_sequence,
            Infusion.ics_dtstamp,
            Infusion.scheduled_at,
            Infusion.starts_at,
            Infusion.ends_at,
            Infusion.ics_organizer,
            Infusion.status,
            Infusion.site_id,
            Infusion.local_day,
            Patient.record_number,
        )
        .join(Patient, Patient.id == Infusion.patient_id)
        .where(in_window(owner.kind))
        .order_by(Infusion.starts_at, Infusion.id),
        window(owner, now),
    )
    return [FeedRow(*row) for row in cast("Iterable[Sequence[Any]]", found)]


def places(session: Session) -> Mapping[int, Place]:
    """All sites, archived ones too, by id."""
    return {
        site.id: Place(
            site.tz,
            site.name,
            site.discreet_name,
            site.address,
            readable(site.phone),
            Locale(cast(DateOrder, site.date_order), site.clock24),
        )
        for site in session.scalars(select(Site).order_by(Site.id))
    }


def event_of(row: FeedRow, place: Place, uid: str) -> EventFacts:
    """The present revision of a visit under `uid`."""
    return EventFacts(
        uid=uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        last_modified=row.scheduled_at,
        ends_at=row.ends_at,
        organizer=row.organizer,
        visit=VisitFacts(row.starts_at, place.tz, place.discreet_name, place.address, place.phone),
    )

"""The page of calendar addresses: one's own, and those of chairs and sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.calendars.feeds.owners import FeedLine, Kind, Owner, line_of, lines
from scheduler.features.capacity.queries import sites
from scheduler.models import Site


@dataclass(frozen=True)
class Shown:
    """One calendar and its address, if it has one; times local."""

    kind: Kind
    owner_id: int
    name: str
    place: str
    created_at: datetime | None = None
    last_read_at: datetime | None = None
    last_agent: str | None = None


def own_calendar(session: Session, user_id: int, site_id: int | None, now: datetime) -> Shown:
    """The calendar of a member of staff."""
    site = session.get(Site, site_id) if site_id else None
    return _shown(
        Owner("user", user_id), "Your calendar", site, line_of(session, Owner("user", user_id), now)
    )


def patient_calendar(session: Session, patient_id: int, tz: str, now: datetime) -> Shown:
    """The calendar of a patient, times in the zone `tz`."""
    owner = Owner("patient", patient_id)
    return _local(owner, "Calendar", "", ZoneInfo(tz), line_of(session, owner, now))


def shared_calendars(session: Session, now: datetime) -> Sequence[Shown]:
    """The sites in use, each with its chairs in use after it."""
    of_sites, of_chairs = lines(session, "site", now), lines(session, "chair", now)
    found = []
    for site in sites(session):
        found.append(_shown(Owner("site", site.id), "Whole site", site, of_sites.get(site.id)))
        found += [
            _shown(Owner("chair", chair.id), chair.name, site, of_chairs.get(chair.id))
            for chair in site.chairs
            if chair.retired_at is None or chair.retired_at > now
        ]
    return found


def _shown(owner: Owner, name: str, site: Site | None, line: FeedLine | None) -> Shown:
    return _local(owner, name, site.name if site else "", ZoneInfo(site.tz if site else "UTC"), line)


def _local(owner: Owner, name: str, place: str, zone: ZoneInfo, line: FeedLine | None) -> Shown:
    if line is None:
        return Shown(owner.kind, owner.id, name, place)
    read = line.last_read_at.astimezone(zone) if line.last_read_at else None
    return Shown(
        owner.kind, owner.id, name, place, line.created_at.astimezone(zone), read, program(line.last_agent)
    )


def program(agent: str | None) -> str:
    """The name of a program from how it calls itself, such as "Google-Calendar-Importer"."""
    known = ("Google", "Thunderbird", "Outlook", "Microsoft", "vdirsyncer", "DAVx5", "ICSx5", "Evolution")
    text = agent or ""
    for name in known:
        if name.casefold() in text.casefold():
            return name
    if "dataaccessd" in text or "CalendarAgent" in text or "iOS" in text:
        return "Apple Calendar"
    return text.split("/")[0].split(" ")[0][:40] or "a program without a name"

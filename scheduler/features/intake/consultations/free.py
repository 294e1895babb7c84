"""Reading when clinicians are free for a consultation."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.capacity.ground import bookings_of, clinic_of, known_versions
from scheduler.features.capacity.kept import kept, kept_ground
from scheduler.features.intake.consultations.times import LEAD, MINUTES, WEEKS, Slot, chosen, slot_of
from scheduler.models import Consultation, Site, User
from scheduler.planning import Clinic, Opening, Presence, openings, to_wall

NO_SITE = "There is no such site, or it is no longer in use."


def times_for(
    session: Session,
    at: datetime,
    site_id: int,
    half_days: Collection[str],
    way: str,
    count: int = 6,
    leaving: Consultation | None = None,
) -> list[Slot]:
    """Times worth offering at a site within four weeks, those in `half_days` first; empty where none is free.

    `way` decides how soon. `leaving` is a consultation that is about to move: its time is free for it, but
    nothing that overlaps it is offered, with nobody: whoever asks for another time is not helped by five
    minutes. (`free_on` still has those, for a desk that wants them.) Raises NotFoundError for a site that is
    not in use.
    """
    place = open_place(session, site_id)
    here = to_wall(ZoneInfo(place.tz), at)
    first, last = here.date(), here.date() + timedelta(weeks=WEEKS)
    clinic, _ = kept_ground(session, [place], first, last)
    found = _openings(session, clinic, place, (first, last), leaving)
    if leaving is not None:
        own = to_wall(ZoneInfo(place.tz), leaving.starts_at)
        found = [
            each for each in found if each.day != own.date() or abs(each.minute - _minute(own)) >= MINUTES
        ]
    picked = chosen(found, half_days, here + LEAD[way], count)
    names = clinician_names(session, {int(each.clinician) for each, _ in picked})
    return [slot_of(each, why, place.tz, names) for each, why in picked]


def open_place(session: Session, site_id: int) -> Site:
    """The site with its hours and chairs, as the planner keeps it. Raises NotFoundError."""
    place = next((each for each in kept(session).sites if each.id == site_id), None)
    if place is None:
        raise NotFoundError(NO_SITE)
    return place


def free_on(
    session: Session, site: Site, day: date, leaving: Consultation | None = None
) -> frozenset[tuple[int, int]]:
    """What is free on a day, as (minute, clinician), from the rows as they are: for use inside the lock."""
    clinic = clinic_of(session, [site], known_versions(session), day, day)
    found = _openings(session, clinic, site, (day, day), leaving)
    return frozenset((each.minute, int(each.clinician)) for each in found)


def clinician_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of these people by id."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(sorted(ids))).order_by(User.id))
    return {row.id: row.name for row in rows}


def _minute(wall: datetime) -> int:
    """Of the day."""
    return wall.hour * 60 + wall.minute


def _openings(
    session: Session, clinic: Clinic, site: Site, days: tuple[date, date], leaving: Consultation | None
) -> Sequence[Opening]:
    bookings = bookings_of(session, clinic, *days)
    if leaving is None:
        return openings(clinic, bookings, str(site.id), MINUTES, days)
    zone = ZoneInfo(site.tz)
    start = to_wall(zone, leaving.starts_at)
    minute = _minute(start)
    length = int((leaving.ends_at - leaving.starts_at).total_seconds()) // 60
    clinician = str(leaving.clinician_id)
    back = [Presence(str(site.id), start.date(), minute, minute + length, clinician)]
    own = Opening(start.date(), minute, clinician)
    return [each for each in openings(clinic, bookings, str(site.id), MINUTES, days, back) if each != own]

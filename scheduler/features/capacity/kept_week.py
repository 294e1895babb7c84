"""One week of one site as the pages of the desk read it, kept between requests like everything in `kept`.

An open board is drawn again every few seconds by everybody at the desk. What the week's hours, duty, closures
and holidays are does not change between two of them, so a board reads its visits and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.capacity.ground import clinic_of
from scheduler.features.capacity.kept import Kept, kept, kept_under
from scheduler.features.capacity.queries import Talk, closed_days, closures, talks
from scheduler.models import Closure, ProtocolVersion, Site
from scheduler.planning import Clinic


@dataclass(frozen=True)
class KeptWeek:
    """Monday to Sunday at a site: the planner's clinic, closures in order, holidays by day, versions by id,
    and the consultations by time, whose changes raise the same stamp.

    The rows are detached and are only ever read.
    """

    clinic: Clinic
    closures: tuple[Closure, ...]
    holidays: Mapping[date, str]
    versions: Mapping[int, ProtocolVersion]
    talks: tuple[Talk, ...]


def kept_week(session: Session, site: Site, day: date) -> KeptWeek:
    """The week of `day` at `site` (hours and chairs loaded), as it stands now."""
    found = kept(session)
    monday = day - timedelta(days=day.weekday())
    return kept_under(found, (site.id, monday), lambda: _load(session, found, site, monday))


def _load(session: Session, found: Kept, site: Site, monday: date) -> KeptWeek:
    """Read by a session of its own, as in `kept`."""
    sunday, zone = monday + timedelta(days=6), ZoneInfo(site.tz)
    begin = datetime(monday.year, monday.month, monday.day, tzinfo=zone)
    with Session(session.connection(), autoflush=False) as own:
        week = KeptWeek(
            clinic_of(own, [site], found.versions, monday, sunday),
            tuple(closures(own, [site.id], begin, begin + timedelta(days=7))),
            closed_days(own, site, monday, sunday),
            {version.id: version for version in found.versions},
            talks(own, site, monday, sunday),
        )
        own.expunge_all()
    return week

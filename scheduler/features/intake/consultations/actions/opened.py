"""Opening a consultation for a change: its days locked, its rows held and read as they are now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db.locks import lock_days
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.intake.consultations.free import free_on
from scheduler.features.intake.consultations.order import WAYS, Place
from scheduler.features.intake.steps import locked_request
from scheduler.models import Consultation, ConsultationRequest, Site
from scheduler.planning import to_wall

GONE = "There is no such consultation. It may be of a request that was erased."
TAKEN = "That time was taken a moment ago. Nothing was saved. Choose one of the times that are free now."
CHANGED = "This consultation was changed a moment ago. Nothing was saved. Look at what holds now."
OVER = "This consultation is {status} by now. Nothing was changed. Look again."
PAST = "That time has passed. Choose a later one."
NO_VIDEO = (
    "No video link is set for this site. An administrator sets it in the site's settings; until then choose "
    "another way."
)


@dataclass(frozen=True)
class Opened:
    """A consultation with its request and site."""

    row: Consultation
    request: ConsultationRequest
    site: Site


def opened(session: Session, consultation_id: int, seen: int | None, also: Iterable[datetime] = ()) -> Opened:
    """Hold a consultation; `also` are further starts whose days are locked with its own.

    Raises NotFoundError, and ConflictError where it was changed since the page with version `seen`; None
    where that does not matter.
    """
    found = session.get(Consultation, consultation_id)
    if found is None:
        raise NotFoundError(GONE)
    site = session.get_one(Site, found.site_id)
    days = {found.local_day, *(day_of(site, each) for each in also)}
    lock_days(session, [(site.id, day) for day in days])
    request = locked_request(session, found.request_id)
    row = session.scalars(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if seen is not None and row.version != seen:
        raise ConflictError(CHANGED)
    return Opened(row, request, site)


def must_stand(row: Consultation) -> None:
    """Raise ConflictError for one that is over or off."""
    if row.status != "scheduled":
        raise ConflictError(OVER.format(status=row.status))


def check_place(
    session: Session, at: datetime, site: Site, place: Place, leaving: Consultation | None = None
) -> None:
    """Raise RuleError for a place nobody can be at, ConflictError for one that is taken."""
    if place.way not in WAYS:
        raise RuleError("Choose how the consultation is held.")
    if place.way == "video" and not site.video_url:
        raise RuleError(NO_VIDEO)
    if place.starts_at <= at:
        raise RuleError(PAST)
    wall = to_wall(ZoneInfo(site.tz), place.starts_at)
    free = free_on(session, site, wall.date(), leaving)
    if wall.second or (wall.hour * 60 + wall.minute, place.clinician_id) not in free:
        raise ConflictError(TAKEN, taken=True)


def day_of(site: Site, at: datetime) -> date:
    """The local day of an instant at a site."""
    return to_wall(ZoneInfo(site.tz), at).date()


def in_utc(at: datetime) -> datetime:
    """The same instant as it is stored."""
    return at.astimezone(UTC)

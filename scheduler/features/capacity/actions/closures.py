"""Closures of a site or a chair, and public holidays on which a site opens all the same."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import holiday_name_by_day, site
from scheduler.models import Closure, HolidayOpening
from scheduler.planning import NoSuchTimeError, moment


def add_closure(
    session: Session,
    actor: Actor,
    at: datetime,
    site_id: int,
    chair_id: int | None,
    starts: datetime,
    ends: datetime,
    reason: str,
) -> Closure:
    """Shut a site, or one of its chairs, from `starts` to `ends` (naive, local at the site)."""
    place = site(session, site_id)
    if chair_id is not None and chair_id not in {chair.id for chair in place.chairs}:
        raise RuleError("That chair does not stand at this site. Choose one from the list.")
    zone = ZoneInfo(place.tz)
    try:
        begin, end = (moment(zone, each.date(), each.hour * 60 + each.minute) for each in (starts, ends))
    except NoSuchTimeError:
        raise RuleError("The clocks change that night and skip this time. Choose another hour.") from None
    if begin >= end:
        raise RuleError("The closure ends before it begins. Change one of the times.")
    row = Closure(site_id=site_id, chair_id=chair_id, starts_at=begin, ends_at=end, reason=reason)
    session.add(row)
    session.flush()
    record(session, actor, at, "closure.added", "closure", row.id, site=site_id, chair=chair_id)
    return row


def remove_closure(session: Session, actor: Actor, at: datetime, closure_id: int) -> None:
    """Take a closure back. Raises NotFoundError where somebody did so before."""
    row = session.get(Closure, closure_id)
    if row is None:
        raise NotFoundError("This closure is no longer there. Somebody has taken it back.")
    record(session, actor, at, "closure.removed", "closure", row.id, site=row.site_id, chair=row.chair_id)
    session.delete(row)
    session.flush()


def set_holiday(
    session: Session, actor: Actor, at: datetime, site_id: int, day: date, *, is_open: bool
) -> None:
    """Open a site on a public holiday, or shut it again; saying it twice changes nothing."""
    place = site(session, site_id)
    if day not in holiday_name_by_day(place.country, place.region, day, day):
        raise RuleError("That day is no public holiday here. Choose one from the list.")
    row = session.scalar(
        select(HolidayOpening).where(HolidayOpening.site_id == site_id, HolidayOpening.day == day)
    )
    if is_open == (row is not None):
        return
    if row is None:
        session.add(HolidayOpening(site_id=site_id, day=day))
    else:
        session.delete(row)
    session.flush()
    record(session, actor, at, "holiday.set", "site", site_id, day=day.isoformat(), open=is_open)

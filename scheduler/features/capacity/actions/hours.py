"""The week in which a site is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import site
from scheduler.features.capacity.spans import Span
from scheduler.models import OpeningHours


def set_hours(
    session: Session, actor: Actor, at: datetime, site_id: int, week: Mapping[int, Sequence[Span]]
) -> None:
    """Open the site at exactly these hours from now on; `week` is by weekday (0 = Monday), minutes."""
    place = site(session, site_id)
    old = {(row.weekday, row.from_minute, row.to_minute) for row in place.hours}
    new = {(weekday, start, end) for weekday, spans in week.items() for start, end in spans}
    if new == old:
        return
    session.execute(delete(OpeningHours).where(OpeningHours.site_id == site_id))
    for weekday, start, end in sorted(new):
        session.add(OpeningHours(site_id=site_id, weekday=weekday, from_minute=start, to_minute=end))
    session.flush()
    days = sorted({weekday for weekday, _, _ in old ^ new})
    record(session, actor, at, "hours.set", "site", site_id, weekdays=days)

"""The week in which a site is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.capacity.actions.stale import refuse_stale
from scheduler.features.capacity.queries import site
from scheduler.features.capacity.spans import Span
from scheduler.models import OpeningHours


def set_hours(
    session: Session,
    actor: Actor,
    at: datetime,
    site_id: int,
    week: Mapping[int, Sequence[Span]],
    seen: int | None = None,
) -> None:
    """Open the site at exactly these hours from now on; `week` is by weekday (0 = Monday), minutes.

    `seen` is the version of the site that the person saw. Raises ConflictError with `stale` where somebody
    else changed the same weekday since.
    """
    place = site(session, site_id)
    old = _by_day({(row.weekday, row.from_minute, row.to_minute) for row in place.hours})
    new = _by_day({(weekday, start, end) for weekday, spans in week.items() for start, end in spans})
    if seen is not None:
        refuse_stale(session, "site", site_id, (seen, place.version), old, new)
    changed = [name for name in old if old[name] != new[name]]
    if not changed:
        return
    session.execute(delete(OpeningHours).where(OpeningHours.site_id == site_id))
    for weekday in range(7):
        for start, end in new[f"day{weekday}"]:
            session.add(OpeningHours(site_id=site_id, weekday=weekday, from_minute=start, to_minute=end))
    place.version += 1
    session.flush()
    session.expire(place, ["hours"])
    record(session, actor, at, "hours.set", "site", site_id, fields=changed, version=place.version)


def _by_day(rows: set[tuple[int, int, int]]) -> dict[str, list[Span]]:
    """The stretches of each weekday in order, under the name of its field."""
    return {
        f"day{weekday}": sorted((start, end) for day, start, end in rows if day == weekday)
        for weekday in range(7)
    }

"""Chairs, beds and rooms of a site: added, named, put in order, retired on a day and brought back."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.actions.stale import refuse_stale
from scheduler.features.capacity.queries import site
from scheduler.models import Chair, Site

KINDS = ("chair", "bed", "room")
MOST = 200


def add_chair(session: Session, actor: Actor, at: datetime, site_id: int, name: str, kind: str) -> Chair:
    """A new chair at the end of the order. Raises RuleError for a name that the site has already."""
    place = site(session, site_id)
    if len(place.chairs) >= MOST:
        raise RuleError(f"A site has at most {MOST} chairs, retired ones included.")
    _refuse_taken(place, name, None)
    row = Chair(site_id=place.id, name=name, chair_type=kind, position=_last(place) + 1)
    session.add(row)
    session.flush()
    session.expire(place, ["chairs"])
    record(session, actor, at, "chair.added", "chair", row.id, site=place.id, version=row.version)
    return row


def change_chair(
    session: Session, actor: Actor, at: datetime, chair_id: int, name: str, kind: str, seen: int
) -> None:
    """A new name or kind over the version that the person saw. Raises as `change_site` does."""
    row, place = chair_of(session, chair_id)
    old, new = {"name": row.name, "kind": row.chair_type}, {"name": name, "kind": kind}
    refuse_stale(session, "chair", row.id, (seen, row.version), old, new)
    _refuse_taken(place, name, row.id)
    changed = [field for field in new if new[field] != old[field]]
    if not changed:
        return
    row.name, row.chair_type = name, kind
    row.version += 1
    session.flush()
    record(session, actor, at, "chair.changed", "chair", row.id, fields=changed, version=row.version)


def shift_chair(session: Session, actor: Actor, at: datetime, chair_id: int, by: int) -> None:
    """Move a chair one place up (-1) or down (1) in its site's order; at the end of it nothing happens."""
    row, place = chair_of(session, chair_id)
    order: list[Chair] = sorted(place.chairs, key=lambda each: (each.position, each.id))
    old = order.index(row)
    new = old + by
    if not 0 <= new < len(order):
        return
    order[old], order[new] = order[new], order[old]
    for position, each in enumerate(order, 1):
        each.position = position
    session.flush()
    record(session, actor, at, "chair.ordered", "chair", row.id, site=place.id, place=new + 1)


def retire_chair(session: Session, actor: Actor, at: datetime, chair_id: int, first_day_off: date) -> None:
    """From `first_day_off` on (local at the site) the chair takes no visit. Its past visits stay."""
    row, place = chair_of(session, chair_id)
    zone = ZoneInfo(place.tz)
    if first_day_off < at.astimezone(zone).date():
        raise RuleError("What is over stays as it was. Choose today or a later day.", field="day")
    row.retired_at = datetime.combine(first_day_off, time(), zone)
    row.version += 1
    session.flush()
    since = first_day_off.isoformat()
    record(session, actor, at, "chair.retired", "chair", row.id, since=since, version=row.version)


def bring_back_chair(session: Session, actor: Actor, at: datetime, chair_id: int) -> None:
    """A retired chair is in use again, at once."""
    row, _ = chair_of(session, chair_id)
    if row.retired_at is None:
        raise ConflictError(f"{row.name} is in use already.")
    row.retired_at = None
    row.version += 1
    session.flush()
    record(session, actor, at, "chair.brought_back", "chair", row.id, version=row.version)


def chair_of(session: Session, chair_id: int) -> tuple[Chair, Site]:
    """One chair, retired or not, and its site. Raises NotFoundError."""
    row = session.scalar(select(Chair).where(Chair.id == chair_id))
    if row is None:
        raise NotFoundError("There is no such chair. Choose one from the list.")
    return row, site(session, row.site_id)


def _last(place: Site) -> int:
    chairs: Sequence[Chair] = place.chairs
    return max((chair.position for chair in chairs), default=0)


def _refuse_taken(place: Site, name: str, own: int | None) -> None:
    if any(chair.name.casefold() == name.casefold() and chair.id != own for chair in place.chairs):
        raise RuleError(f"{place.name} already has a {name}. Choose another name.", field="name")

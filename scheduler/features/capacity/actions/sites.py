"""Sites: added, changed, put away and taken up again. No site is ever deleted."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.actions.stale import refuse_stale
from scheduler.features.capacity.queries import site
from scheduler.models import Infusion, Site

ZONE_FIXED = (
    "Visits were booked in this site's time zone, so it stays. Add a site of its own for another zone."
)
LAST_SITE = "This is the only site in use. Add another one before you put it away."


@dataclass(frozen=True)
class SiteFacts:
    """What people say about a site; `region` is None where the country's holidays are the same all over."""

    code: str
    name: str
    discreet_name: str
    tz: str
    country: str
    region: str | None
    address: str
    phone: str
    from_email: str
    video_url: str
    date_order: str
    clock24: bool
    weight_unit: str
    turnover_minutes: int
    soft_load_pct: int


def add_site(session: Session, actor: Actor, at: datetime, facts: SiteFacts) -> Site:
    """A new site without hours and chairs. Raises RuleError for a name or code that another one has."""
    _refuse_taken(session, facts, None)
    row = Site(**asdict(facts))
    session.add(row)
    session.flush()
    record(session, actor, at, "site.added", "site", row.id, version=row.version)
    return row


def change_site(
    session: Session, actor: Actor, at: datetime, site_id: int, facts: SiteFacts, seen: int
) -> None:
    """Save `facts` over the version that the person saw; changing nothing leaves the version.

    Raises RuleError for what can't be, ConflictError with `stale` where somebody else saved first.
    """
    row, new = site(session, site_id), asdict(facts)
    old = {name: getattr(row, name) for name in new}
    refuse_stale(session, "site", row.id, (seen, row.version), old, new)
    _refuse_taken(session, facts, row.id)
    if facts.tz != row.tz and session.scalar(select(Infusion.id).where(Infusion.site_id == row.id).limit(1)):
        raise RuleError(ZONE_FIXED, field="tz")
    changed = [name for name in new if new[name] != old[name]]
    if not changed:
        return
    for name in changed:
        setattr(row, name, new[name])
    row.version += 1
    session.flush()
    record(session, actor, at, "site.changed", "site", row.id, fields=changed, version=row.version)


def archive_site(session: Session, actor: Actor, at: datetime, site_id: int) -> None:
    """Put a site away: nothing is planned there any more; its past stays."""
    row = site(session, site_id)
    if row.archived_at is not None:
        raise ConflictError(f"{row.name} was put away already.")
    others = select(Site.id).where(Site.archived_at.is_(None), Site.id != row.id).limit(1)
    if session.scalar(others) is None:
        raise RuleError(LAST_SITE)
    _set_archived(session, actor, at, row, at)


def restore_site(session: Session, actor: Actor, at: datetime, site_id: int) -> None:
    """Take a site up again, with its hours and chairs as they were."""
    row = site(session, site_id)
    if row.archived_at is None:
        raise ConflictError(f"{row.name} is in use already.")
    _set_archived(session, actor, at, row, None)


def _set_archived(
    session: Session, actor: Actor, at: datetime, row: Site, archived_at: datetime | None
) -> None:
    row.archived_at = archived_at
    row.version += 1
    session.flush()
    action = "site.restored" if archived_at is None else "site.archived"
    record(session, actor, at, action, "site", row.id, version=row.version)


def _refuse_taken(session: Session, facts: SiteFacts, own: int | None) -> None:
    for field, column in (("code", Site.code), ("name", Site.name)):
        wanted = getattr(facts, field)
        taken = session.scalar(select(Site).where(column == wanted, Site.id != (own or 0)).limit(1))
        if taken is not None:
            raise RuleError(f"Another site has the {field} {wanted}. Choose another one.", field=field)

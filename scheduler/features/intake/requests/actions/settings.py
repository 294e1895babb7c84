"""What a site decides about its request page."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.audit.actions import record
from scheduler.models import RequestPage, Site

CHANGED = (
    "Somebody else changed this while you looked at it. What stands there now is below; change it again."
)


def save_page(
    session: Session, actor: Actor, at: datetime, site_id: int, *, is_on: bool, keep_days: int, seen: int
) -> None:
    """Switch a site's page on or off, and say how long people are kept.

    Raises NotFoundError, and ConflictError where somebody else was faster (`seen` is what the page showed).
    """
    if session.get(Site, site_id, with_for_update=True) is None:
        raise NotFoundError("There is no such site.")
    row = session.get(RequestPage, site_id)
    if (row.version if row else 0) != seen:
        raise ConflictError(CHANGED)
    if row is None:
        row = RequestPage(site_id=site_id, version=0)
        session.add(row)
    row.is_on, row.keep_days, row.version = is_on, keep_days, row.version + 1
    record(session, actor, at, "request_page.saved", "site", site_id, is_on=is_on, keep_days=keep_days)

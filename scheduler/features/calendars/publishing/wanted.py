"""What should stand in a clinician's published calendar: what their feed shows, one file an entry."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.errors import RuleError
from scheduler.features.calendars.feeds.entries import facts_of
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.rendering.feeds import single


def wanted_of(session: Session, user_id: int, at: datetime) -> dict[str, bytes]:
    """The entries by UID. One that can't be written is left out, as in a feed."""
    found = {}
    for entry in facts_of(session, Owner("user", user_id), at).entries:
        try:
            found[entry.event.uid] = single(entry)
        except (RuleError, ValueError):
            continue
    return found

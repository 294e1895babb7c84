"""What every page shares: transactions, access, errors as pages, headers, filters."""

from scheduler.web.access import CHARTING, DESK, EVERYONE, STAFF, access
from scheduler.web.actor import current_actor
from scheduler.web.transaction import attempt, reading, writing

__all__ = [
    "CHARTING",
    "DESK",
    "EVERYONE",
    "STAFF",
    "access",
    "attempt",
    "current_actor",
    "reading",
    "writing",
]

"""What every page shares: transactions, access, errors as pages, headers, filters."""

from scheduler.web.access import ADMINISTRATOR, CHARTING, CLINICIAN, DESK, EVERYONE, STAFF, access, bearer
from scheduler.web.actor import current_actor
from scheduler.web.transaction import attempt, reading, writing

__all__ = [
    "ADMINISTRATOR",
    "CHARTING",
    "CLINICIAN",
    "DESK",
    "EVERYONE",
    "STAFF",
    "access",
    "attempt",
    "bearer",
    "current_actor",
    "reading",
    "writing",
]

"""Which messages a person may send again."""

from datetime import datetime

from scheduler.models import MessageStatus

RESENDABLE = frozenset({MessageStatus.DEAD, MessageStatus.EXPIRED, MessageStatus.UNKNOWN})


def can_resend(status: str, visit_at: datetime | None, now: datetime) -> bool:
    """Whether one may go again: it did not arrive for certain, and its visit is still to come."""
    return status in RESENDABLE and (visit_at is None or visit_at > now)

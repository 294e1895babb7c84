"""Which messages a person may send again."""

from scheduler.models import MessageStatus

RESENDABLE = frozenset({MessageStatus.DEAD, MessageStatus.EXPIRED, MessageStatus.UNKNOWN})

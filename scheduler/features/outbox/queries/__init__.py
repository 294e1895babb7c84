"""Reading messages: lists, one message, and whether the outbox is well."""

from scheduler.features.outbox.queries.health import Health, health
from scheduler.features.outbox.queries.lines import GROUPS, MessageLine, counts, for_course, for_patient
from scheduler.features.outbox.queries.page import Filters, Listing, listing
from scheduler.features.outbox.queries.single import Contents, History, MessageDetail, contents, message

__all__ = [
    "GROUPS",
    "Contents",
    "Filters",
    "Health",
    "History",
    "Listing",
    "MessageDetail",
    "MessageLine",
    "contents",
    "counts",
    "for_course",
    "for_patient",
    "health",
    "listing",
    "message",
]

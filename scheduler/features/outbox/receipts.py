"""What a gateway reports of a text after it has taken it, and where the message stands by that.

Reports overtake each other: "sent" may come after "delivered". So a report counts only if it is further on
than the last one, and the first final one holds.
"""

from scheduler.models import Message, MessageStatus

ORDER = {
    "accepted": 1,
    "scheduled": 1,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
}
LOST = {"undelivered", "failed", "canceled"}
FINAL = 4
ERRORS = {
    "21610": "its holder has ended texts with the phone network",
    "30003": "the phone was off or out of reach",
    "30004": "the phone or its network blocks it",
    "30005": "the number does not exist",
    "30006": "the number is a landline, or its network takes no texts",
    "30007": "the network took it for spam",
}
"""What the gateway's numbers mean that say something of the phone, in words for staff."""


def is_further(known: str | None, said: str) -> bool:
    """Whether a report brings more than the one before."""
    return ORDER.get(said, 0) > ORDER.get((known or "").split(" ")[0], 0)


def stand_by_receipt(row: Message) -> None:
    """Let the last receipt decide where a text stands that has left, or may have."""
    if not row.receipt or row.status not in (MessageStatus.SENT, MessageStatus.UNKNOWN):
        return
    said, _, error = row.receipt.partition(" ")
    if said in LOST:
        row.status = MessageStatus.DEAD
        row.reason = lost(error)
    elif row.status is MessageStatus.UNKNOWN:
        row.status, row.reason, row.sent_at = MessageStatus.SENT, None, row.receipt_at


def lost(error: str) -> str:
    """Say that a text did not arrive, and why where the number `error` tells."""
    why = f": {ERRORS[error]}" if error in ERRORS else ""
    return f"The network did not deliver it{why}{f' (error {error})' if error else ''}."

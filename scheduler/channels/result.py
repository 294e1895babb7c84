"""What came of one try to hand a message over."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """`temporary` may be tried again; `permanent` will fail the same way each time.

    `unknown` may have arrived or not: only a text, since a mail server can tell a mail that comes twice.
    """

    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """The outcome, a sentence for staff, and how many seconds the other side asks to wait.

    `server_down` says that the other side could not be spoken to at all, whatever the message.
    `provider_id` is the number that a gateway gave a text. `no_such_address` says that the refusal is about
    the address itself, so that no other message will reach it either.
    """

    outcome: Outcome
    detail: str
    retry_after_s: int | None = None
    server_down: bool = False
    provider_id: str | None = None
    no_such_address: bool = False

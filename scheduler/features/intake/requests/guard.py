"""What holds programs off the public page without asking anybody else who is a person.

A form carries a *ticket*: when it was given, how much work its sending should cost, and a random number, all
under a signature. So nothing is stored for a page that was only looked at, a form can't be made up, one that
comes back sooner than a person types is seen, and the random number makes a form that is sent twice one
request. The *work* is to find a number that makes a hash begin with so many zero bits. A browser does that
while somebody types, without their noticing; who sends thousands pays for each one, and the more come in, the
more each costs. Where no scripts run the work stays undone, and the throttle is stricter instead.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FASTEST = timedelta(seconds=3)
"""Nobody reads the page and writes a name sooner."""
OLDEST = timedelta(hours=12)
EASIEST, HARDEST = 14, 19
"""Zero bits: 16,000 hashes, less than a second on a phone, to 500,000, some twenty."""
CALM = 10
TICKET = re.compile(r"[0-9]{1,12}\.[0-9]{1,2}\.[0-9a-f]{32}\.[0-9a-f]{64}")
ANSWER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class Ticket:
    """What a form carries. `key` is the same for every copy of one form, `bits` the work it asks for."""

    text: str
    issued_at: datetime
    bits: int
    key: str

    def is_old(self, at: datetime) -> bool:
        """Whether the form was open too long to be believed."""
        return not self.issued_at - FASTEST <= at < self.issued_at + OLDEST

    def is_hasty(self, at: datetime) -> bool:
        """Whether it came back sooner than a person types."""
        return at < self.issued_at + FASTEST

    def is_worked(self, answer: str) -> bool:
        """Whether `answer` is the number that the work looks for."""
        if not ANSWER.fullmatch(answer):
            return False
        digest = hashlib.sha256(f"{self.text}:{answer}".encode()).digest()
        return int.from_bytes(digest, "big") >> (256 - self.bits) == 0


def new_ticket(secret: str, place: str, at: datetime, bits: int, nonce: str = "") -> Ticket:
    """A ticket for the page of `place` (the site's code). `nonce` is drawn unless it is given (32 hex)."""
    head = f"{int(at.timestamp())}.{bits}.{nonce or secrets.token_hex(16)}"
    text = f"{head}.{_signature(secret, place, head)}"
    return Ticket(text, at, bits, _key(head))


def read_ticket(secret: str, place: str, text: str) -> Ticket | None:
    """The ticket that a form sent back, or None for one that this page never gave."""
    if not TICKET.fullmatch(text):
        return None
    head, _, signature = text.rpartition(".")
    if not hmac.compare_digest(signature, _signature(secret, place, head)):
        return None
    seconds, bits, _ = head.split(".")
    return Ticket(text, datetime.fromtimestamp(int(seconds), UTC), int(bits), _key(head))


def bits_for(load: int) -> int:
    """The work that one form asks for while `load` worked ones came in lately: one more for each doubling."""
    return min(HARDEST, EASIEST + (load // CALM).bit_length())


def _key(head: str) -> str:
    return f"page-{head.rpartition('.')[2]}"


def _signature(secret: str, place: str, head: str) -> str:
    return hmac.new(secret.encode(), f"request page {place} {head}".encode(), hashlib.sha256).hexdigest()

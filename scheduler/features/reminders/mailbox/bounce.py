"""Read a delivery report (RFC 3464): which address a mail did not reach, and whether it ever will.

Mail servers send one when they took a mail and could not deliver it. The report has a part for programs with
a status such as 5.1.1 for each address, and brings along the mail it is about, or its headers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Part

from scheduler.features.reminders.replies.calendar import address_of, clean

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,240}@[^<>\s]{1,240}>")
NAMED_BY = ("References", "In-Reply-To", "Original-Message-ID", "X-Original-Message-ID")
OF_THE_ADDRESS = ("5.0.", "5.1.", "5.4.")
MAILBOX_OFF = ("5.2.0", "5.2.1")


@dataclass(frozen=True)
class Failure:
    """One address that was not reached: the status code and the words of the other server."""

    address: str
    status: str
    words: str

    @property
    def is_permanent(self) -> bool:
        """Whether another try would end the same way."""
        return self.status.startswith("5")

    @property
    def is_of_the_address(self) -> bool:
        """Whether the address itself is wrong, gone or switched off.

        A full mailbox (5.2.2), a mail that is too large (5.3) or one taken for spam (5.7) says nothing of
        the kind: the next mail may well arrive.
        """
        return self.status.startswith(OF_THE_ADDRESS) or self.status in MAILBOX_OFF


@dataclass(frozen=True)
class Bounce:
    """A delivery report: who was not reached, and the Message-IDs that it names."""

    failures: tuple[Failure, ...]
    about: frozenset[str]


def read_bounce(mail: Part) -> Bounce | None:
    """The delivery report in a mail; None for a mail that is none."""
    if mail.get_content_type() != "multipart/report":
        return None
    failures: list[Failure] = []
    named = [str(mail.get(name, "")) for name in NAMED_BY]
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            failures += _failures(part)
        else:
            named.append(_original(part, kind))
    if not failures:
        return None
    return Bounce(tuple(failures), frozenset(MESSAGE_ID.findall(" ".join(named))))


def _parts(mail: Part) -> Iterator[Part]:
    found = mail.get_payload()
    if isinstance(found, list):
        yield from (part for part in found if isinstance(part, Part))


def _failures(part: Part) -> Iterator[Failure]:
    for block in _parts(part):
        address = _recipient(block)
        status = STATUS.search(str(block.get("Status", "")))
        if not address or status is None or str(block.get("Action", "")).strip().lower() == "delivered":
            continue
        words = str(block.get("Diagnostic-Code", "")).partition(";")[2]
        yield Failure(address, status[0], clean(" ".join(words.split()), 200))


def _recipient(block: Part) -> str:
    """The address as we wrote it where the report knows that, else where it ended up."""
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _, address = str(block.get(name, "")).partition(";")
        if kind.strip().lower() in ("rfc822", "utf-8") and "@" in address:
            return address_of(address)
    return ""


def _original(part: Part, kind: str) -> str:
    """The Message-ID of the mail that is brought along, whole or as its headers alone."""
    if kind == "message/rfc822":
        return " ".join(str(each.get("Message-ID", "")) for each in _parts(part))
    if kind in ("text/rfc822-headers", "message/rfc822-headers"):
        content = part.get_payload(decode=True)
        text = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
        found = re.search(r"^message-id:\s*(<[^>]*>)", text, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""
    return ""

"""Sort a mail: an answer of a calendar, a delivery report, an automatic answer, or what a person wrote.

Pure, and never an error: a mail that cannot be read is a mail of which nothing is known but its bytes. The
order matters. A delivery report brings along our own invitation, which must not be read as an answer; and
some servers mark the answers of calendars as automatic."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Part
from email.utils import parseaddr

from scheduler.features.reminders.mailbox.bounce import Bounce, read_bounce
from scheduler.features.reminders.replies.calendar import Answer, address_of, clean, read_answer

CALENDAR = frozenset({"text/calendar", "application/ics"})
LONGEST_TEXT = 2000
PLAIN_ID = re.compile(r"<[!-;=?-~]{1,250}>")
SAYS_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponder")


@dataclass(frozen=True)
class SortedMail:
    """What a mail is. `sender` is the bare address in small letters; `text` what a person wrote in it."""

    message_id: str
    sender: str = ""
    answer: Answer | None = None
    bounce: Bounce | None = None
    is_automatic: bool = False
    is_broken: bool = False
    text: str = ""


def sort_mail(content: bytes) -> SortedMail:
    """Sort the mail with these bytes."""
    try:
        return _sort(content)
    except Exception:  # noqa: BLE001 - whatever a damaged mail makes the library raise, it is damaged
        return SortedMail(_fingerprint(content), is_broken=True)


def _sort(content: bytes) -> SortedMail:
    mail = message_from_bytes(content)
    number = str(mail.get("Message-ID", "")).strip()
    message_id = number if PLAIN_ID.fullmatch(number) else _fingerprint(content)
    sender = address_of(parseaddr(str(mail.get("From", "")))[1])
    if (bounce := read_bounce(mail)) is not None:
        return SortedMail(message_id, sender, bounce=bounce)
    for part in _leaves(mail):
        if part.get_content_type() in CALENDAR:
            answer = read_answer(_bytes(part), part.get_content_charset() or "utf-8")
            if answer is not None:
                return SortedMail(message_id, sender, answer=answer, text=answer.comment)
    return SortedMail(message_id, sender, is_automatic=_is_automatic(mail), text=_text(mail))


def _leaves(mail: Part) -> Iterator[Part]:
    """The parts of the mail itself; not those of a mail that was attached to it."""
    if mail.get_content_maintype() == "message":
        return
    found = mail.get_payload()
    if not isinstance(found, list):
        yield mail
        return
    for part in found:
        if isinstance(part, Part):
            yield from _leaves(part)


def _bytes(part: Part) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _is_automatic(mail: Part) -> bool:
    said = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    if said not in ("", "no") or any(mail.get(name) is not None for name in SAYS_AUTOMATIC):
        return True
    if str(mail.get("Precedence", "")).strip().lower() in ("auto_reply", "bulk", "junk", "list"):
        return True
    # A report of another kind (a receipt for reading), or a mail that nobody is to answer.
    return mail.get_content_type() == "multipart/report" or str(mail.get("Return-Path", "")).strip() == "<>"


def _text(mail: Part) -> str:
    for part in _leaves(mail):
        if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment":
            charset = part.get_content_charset() or "utf-8"
            try:
                said = _bytes(part).decode(charset, "replace")
            except LookupError:
                said = _bytes(part).decode("utf-8", "replace")
            return clean(said.replace("\r\n", "\n"), LONGEST_TEXT)
    return ""


def _fingerprint(content: bytes) -> str:
    """A number for a mail that has none: the same mail gets the same one."""
    return "sha256:" + hashlib.sha256(content).hexdigest()

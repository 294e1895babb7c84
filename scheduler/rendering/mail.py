"""A mail as bytes: one sender, one recipient, a plain and an HTML body that say the same.

The Message-ID and the date are facts of the outbox row, and the boundary between the parts is
derived from the Message-ID, so a retry sends the same bytes and a mailbox can tell a duplicate.
The recipient is looked at once more: "a@b, c@d" must never become two (SECURITY.md 10)."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import cast

from email_validator import EmailNotValidError, validate_email

from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import ClinicFacts, Words
from scheduler.rendering.plain import one_line
from scheduler.rendering.unsubscribe import add_way_out

MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")


def one_address(value: str, what: str) -> str:
    """Give one mail address in ASCII, ready for an envelope; raises RenderError for anything else.

    A domain with other letters is written in its ASCII form. A mailbox name with other letters
    needs servers that take SMTPUTF8, which can't be counted on, so it is refused.
    """
    try:
        found = validate_email(
            one_line(value, what), allow_smtputf8=False, check_deliverability=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise RenderError(f"{what} is not one mail address. Correct it, then send again.") from error
    if found.ascii_email is None:
        raise RenderError(f"{what} has letters that many mail servers refuse. Enter another address.")
    return found.ascii_email


@dataclass(frozen=True)
class CalendarPart:
    """An invitation to go with a mail: the iTIP method, and the calendar as `ics.invitation` made it."""

    method: str
    content: bytes


def compose(
    words: Words,
    clinic: ClinicFacts,
    to: str,
    message_id: str,
    date: datetime,
    language: str,
    calendar: CalendarPart | None = None,
    way_out: str = "",
    policy: "EmailPolicy[EmailMessage]" = SMTP,
) -> bytes:
    """Give the bytes of one mail; the same facts always give the same bytes.

    `message_id` has its angle brackets; `date` is the aware instant the row was written. A `calendar` stands
    beside the two bodies, where calendar programs look for it, and as a file, where people do. `way_out` is
    the address by which the recipient gets no more mails of this kind, empty for mails that have none. A
    `policy` of one's own may remember headers; the bytes stay the same.
    """
    if not MESSAGE_ID.fullmatch(message_id):
        raise RenderError("The number of this message is damaged. Write the message anew.")
    sender = one_address(clinic.from_address, "The clinic's sender address")
    message = EmailMessage(policy=policy)
    message["From"] = Address(one_line(clinic.discreet_name, "The clinic's name"), addr_spec=sender)
    message["To"] = Address(addr_spec=one_address(to, "The patient's e-mail address"))
    message["Subject"] = one_line(words.subject, "The subject")
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    if way_out:
        add_way_out(message, way_out)
    message.set_content(words.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = language
    if calendar is not None:
        _add_calendar(message, calendar)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary("=_" + sha256(f"{number}{message_id}".encode("ascii")).hexdigest()[:40])
    return message.as_bytes()


def _add_calendar(message: EmailMessage, calendar: CalendarPart) -> None:
    """MESSAGES.md 4.3: mixed( alternative( plain, html, calendar ), the same as a file )."""
    message.add_alternative(calendar.content, maintype="text", subtype="calendar", cte="base64")
    alternative = message.get_payload()
    part = cast(list[EmailMessage], alternative)[-1]
    part.set_param("charset", "utf-8")
    part.set_param("method", calendar.method)
    message.add_attachment(
        calendar.content, maintype="application", subtype="ics", cte="base64", filename="invite.ics"
    )

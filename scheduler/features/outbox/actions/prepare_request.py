"""Make the bytes of a claimed message to somebody who asked for a consultation.

The invitation goes with the mail itself: one appointment, one mail, one calendar entry that follows it
(MESSAGES.md, section 4). Whose calendar holds it is read from the messages that carried it there.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.keep import keep
from scheduler.features.outbox.caps import cap_reached
from scheduler.features.outbox.consultation_links import consultation_address
from scheduler.features.outbox.letters import NotToBeSent
from scheduler.features.outbox.queries.invited import consultation_holders
from scheduler.features.outbox.request_letters import (
    RequestLetter,
    consultation_event,
    request_text,
    request_words,
    told,
)
from scheduler.models import Channel, MessageStatus, Purpose
from scheduler.rendering import ics, mail
from scheduler.rendering.sms import fits
from scheduler.tokens import new_token

LINKED = frozenset({Purpose.CONSULTATION_BOOKED, Purpose.CONSULTATION_MOVED, Purpose.CONSULTATION_REMINDER})


def write_to_requester(
    session: Session, at: datetime, letter: RequestLetter, base_url: str
) -> tuple[bytes, str, str]:
    """The bytes, the sender (none for a text) and the recipient. Raises NotToBeSent for a text too many."""
    message = letter.message
    if message.channel is Channel.SMS:
        if full := cap_reached(session, at, message, letter.tz):
            raise NotToBeSent(MessageStatus.SUPPRESSED, full)
        return _text(session, at, letter, base_url), "", letter.address
    recipient = mail.one_address(letter.address, "The e-mail address of the request")
    sender = letter.consultation.ics_organizer if letter.consultation else letter.site.from_email
    if message.body is not None and _is_fresh(letter, recipient):
        return message.body, mail.one_address(sender, "The clinic's sender address"), recipient
    return _mail(session, at, letter, recipient, sender, base_url), sender, recipient


def _is_fresh(letter: RequestLetter, recipient: str) -> bool:
    message = letter.message
    return message.recipient == recipient and message.facts.get("rendered_for") == letter.revision


def _text(session: Session, at: datetime, letter: RequestLetter, base_url: str) -> bytes:
    message = letter.message
    if message.body is not None and _is_fresh(letter, letter.address):
        return message.body
    said = request_text(letter, answer_address(session, at, letter, base_url))
    body = said.encode("utf-8")
    keep(
        session,
        message,
        body=body,
        segments=fits(said).segments,
        recipient=letter.address,
        rendered_at=at,
        provider_id=None,
        receipt=None,
        receipt_at=None,
        facts={"rendered_for": letter.revision},
    )
    return body


def _mail(
    session: Session, at: datetime, letter: RequestLetter, recipient: str, sender: str, base_url: str
) -> bytes:
    message = letter.message
    words = request_words(letter, answer_address(session, at, letter, base_url))
    calendar = _calendar(session, letter, recipient)
    clinic = replace(letter.clinic, from_address=sender)
    body = mail.compose(
        words, clinic, recipient, message.message_id, message.created_at, message.language, calendar
    )
    keep(
        session,
        message,
        body=body,
        subject=words.subject,
        recipient=recipient,
        rendered_at=at,
        facts={"rendered_for": letter.revision, "calendar": calendar.method if calendar else None},
    )
    return body


def answer_address(
    session: Session,
    at: datetime,
    letter: RequestLetter,
    base_url: str,
    token: Callable[[], str] = new_token,
) -> str:
    """A fresh link to the page of the consultation; empty for what leads to none."""
    if letter.consultation is None or letter.message.purpose not in LINKED:
        return ""
    return consultation_address(session, at, letter.consultation.id, base_url, token)


def _calendar(session: Session, letter: RequestLetter, recipient: str) -> mail.CalendarPart | None:
    """The invitation, its update or its end; an end goes only to a calendar that holds the entry."""
    row, message = letter.consultation, letter.message
    if row is None or message.purpose is Purpose.CONSULTATION_REMINDER:
        return None
    is_off = message.purpose is Purpose.CONSULTATION_CANCELLED
    if is_off and recipient not in consultation_holders(session, row.id):
        return None
    event = consultation_event(row, told(letter, row))
    # What is withdrawn was written because that calendar held it.
    ends = is_off or message.purpose is Purpose.INVITATION_WITHDRAWN
    method: ics.Method = "CANCEL" if ends else "REQUEST"
    return mail.CalendarPart(
        method, ics.invitation(event, recipient, method, letter.locale, message.language)
    )

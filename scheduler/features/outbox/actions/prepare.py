"""Make a claimed message ready to send, or settle it without sending.

The bytes are made when the message is first claimed and kept for retries, so that a retry is the same
mail. They are made anew only where what they say has changed: another address, another schedule."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.claim import Claim
from scheduler.features.outbox.actions.keep import keep
from scheduler.features.outbox.actions.prepare_request import write_to_requester
from scheduler.features.outbox.actions.prepare_text import write_text
from scheduler.features.outbox.actions.record import Handover, Outcome, close
from scheduler.features.outbox.actions.staff_mail import write_to_staff
from scheduler.features.outbox.calendar_parts import calendar_part
from scheduler.features.outbox.letter_links import answer_address, dates_address, way_out_address
from scheduler.features.outbox.letters import Letter, NotToBeSent, read_letter, visit_facts, words_of
from scheduler.features.outbox.look import look
from scheduler.features.outbox.quiet import next_allowed
from scheduler.features.outbox.request_letters import read_request_letter
from scheduler.models import Channel, Message, MessageStatus, Purpose, Site
from scheduler.rendering import mail
from scheduler.rendering.errors import RenderError

UNTIL_MORNING = "Messages go out between 08:00 and 21:00 where the patient is. It waits for the morning."
AT_ONCE = frozenset({Purpose.ANSWER, Purpose.REQUEST_RECEIVED})
"""Who has just written gets an answer at whatever hour."""


_one_address = lru_cache(maxsize=256)(mail.one_address)
"""For the envelope: most mails go from one address, and several after each other to one."""


@dataclass(frozen=True)
class Ready:
    """The bytes, and the envelope they go in. A text has no sender of its own: the gateway's number is it."""

    body: bytes
    sender: str
    recipient: str
    message_id: str
    channel: Channel = Channel.EMAIL
    row_id: int = 0


@dataclass(frozen=True)
class Settled:
    """Nothing is sent now: the state the message is in, and why."""

    status: MessageStatus
    reason: str


def prepare(
    session: Session, at: datetime, worker: str, claim: Claim, base_url: str
) -> Ready | Settled | None:
    """Look at the message and what it speaks of as they are now; None where the claim was lost.

    `base_url` is the configured address of the application, which links in messages begin with.
    """
    seen = look(session, claim.message_id, claim.fence)
    if seen is None:
        return None
    message = seen.message
    try:
        if message.user_id is not None:
            body, sender, recipient = write_to_staff(session, at, message, base_url)
            return Ready(body, sender, recipient, message.message_id)
        if message.request_id is not None:
            return _to_requester(session, at, worker, claim, message, base_url)
        letter = read_letter(session, message, at, seen.hints)
        if (settled := _until_morning(session, at, worker, claim, message, letter.tz)) is not None:
            return settled
        return _written(session, at, letter, base_url)
    except NotToBeSent as left:
        return _settle(session, at, worker, claim, left.status, left.reason)
    except RenderError as error:
        return _settle(session, at, worker, claim, MessageStatus.DEAD, error.sentence)


def _to_requester(
    session: Session, at: datetime, worker: str, claim: Claim, message: Message, base_url: str
) -> Ready | Settled:
    """The same for somebody who asked for a consultation."""
    letter = read_request_letter(session, message, at)
    if (settled := _until_morning(session, at, worker, claim, message, letter.tz)) is not None:
        return settled
    body, sender, recipient = write_to_requester(session, at, letter, base_url)
    return Ready(body, sender, recipient, message.message_id, message.channel, message.id)


def _settle(
    session: Session,
    at: datetime,
    worker: str,
    claim: Claim,
    status: MessageStatus,
    reason: str,
    **more: Any,
) -> Settled:
    values = {"status": status, "reason": reason, **more}
    close(session, at, worker, claim, Handover(Outcome.NOT_SENT, reason), values)
    return Settled(status, reason)


def _until_morning(
    session: Session, at: datetime, worker: str, claim: Claim, message: Message, tz: str
) -> Settled | None:
    """Hold a message over night, which is that of the zone `tz`."""
    if message.purpose in AT_ONCE:
        return None
    morning = next_allowed(at, tz)
    if morning == at:
        return None
    return _settle(
        session,
        at,
        worker,
        claim,
        MessageStatus.QUEUED,
        UNTIL_MORNING,
        next_attempt_at=morning,
        attempts=claim.attempts - 1,
    )


def _written(session: Session, at: datetime, letter: Letter, base_url: str) -> Ready:
    message = letter.message
    if message.channel is Channel.SMS:
        words = write_text(session, at, letter, base_url)
        return Ready(words, "", letter.address, message.message_id, Channel.SMS, message.id)
    recipient = _one_address(letter.address, "The patient's e-mail address")
    fresh = message.recipient == recipient and message.facts.get("rendered_for") == letter.revision
    body, sent_by = message.body, message.facts.get("sender", "")
    if body is None or not fresh:
        body, sent_by = _write(session, at, letter, recipient, base_url)
    sender = _one_address(sent_by, "The clinic's sender address")
    return Ready(body, sender, recipient, message.message_id)


def _write(
    session: Session, at: datetime, letter: Letter, recipient: str, base_url: str
) -> tuple[bytes, str]:
    """Make the bytes, and note what they were made from; gives them and their sender's address."""
    message = letter.message
    sites = {visit.site_id: session.get_one(Site, visit.site_id) for visit in letter.visits}
    links = answer_address(session, at, letter, base_url), dates_address(session, at, letter, base_url)
    words = words_of(letter, sites, *links)
    facts = [(visit, visit_facts(visit, sites[visit.site_id])) for visit in letter.visits]
    calendar = calendar_part(session, letter, facts, recipient)
    clinic = letter.clinic
    if calendar is not None:  # Whoever sent the first invitation sends what follows (MESSAGES.md 4.4).
        clinic = replace(clinic, from_address=letter.visits[0].ics_organizer)
    body = mail.compose(
        words,
        clinic,
        recipient,
        message.message_id,
        message.created_at,
        message.language,
        calendar,
        way_out_address(session, at, letter, base_url),
    )
    told = {"rendered_for": letter.revision, "sender": clinic.from_address}
    keep(
        session,
        message,
        body=body,
        subject=words.subject,
        recipient=recipient,
        rendered_at=at,
        facts={**told, "calendar": calendar.method if calendar else None},
    )
    return body, clinic.from_address

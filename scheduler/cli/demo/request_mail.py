"""What was written to those who asked: sent when it was due, so that a new worker sends nothing late."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.demo.chance import uuid_text
from scheduler.cli.demo.delivery import SENT, TAKEN, WORKER
from scheduler.cli.demo.headers import REMEMBERED
from scheduler.cli.demo.links import Links
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.features.outbox.actions.purge import KEEP
from scheduler.features.outbox.request_letters import (
    RequestLetter,
    consultation_event,
    request_text,
    request_words,
    told,
)
from scheduler.models import (
    Channel,
    Consultation,
    ConsultationRequest,
    Message,
    MessageAttempt,
    MessageStatus,
    Purpose,
    Site,
)
from scheduler.rendering import ics, mail
from scheduler.rendering.sms import fits

INVITED = frozenset({Purpose.CONSULTATION_BOOKED, Purpose.CONSULTATION_MOVED})


def settle_mail(session: Session, until: datetime, chance: Random) -> None:
    """Send everything to requests that was due by `until`."""
    rows = session.execute(
        select(Message, ConsultationRequest)
        .join(ConsultationRequest, ConsultationRequest.id == Message.request_id)
        .where(Message.status == MessageStatus.QUEUED, Message.due_at <= until)
        .order_by(Message.id)
    ).all()
    for message, request in rows:
        sent = min(message.due_at + timedelta(seconds=chance.randrange(2, 20)), until)
        mail = message.channel is Channel.EMAIL
        message.status, message.sent_at, message.next_attempt_at = MessageStatus.SENT, sent, sent + LEASE
        message.recipient = request.email if mail else request.phone
        message.attempts = message.fence = 1
        fate = SENT if mail else TAKEN
        session.add(
            MessageAttempt(
                message_id=message.id,
                at=sent,
                fence=1,
                worker=WORKER,
                outcome=fate.outcome.value,
                detail=fate.detail,
            )
        )


def name_mail(session: Session, chance: Random) -> None:
    """Give every message to a request an identity that is the same each time the clinic is made."""
    rows = select(Message).where(Message.request_id.is_not(None)).order_by(Message.id)
    for message in session.scalars(rows):
        domain = message.message_id.rpartition("@")[2]
        message.message_id = f"<{uuid_text(chance).replace('-', '')}@{domain}"


def write_mail(session: Session, now: datetime, links: Links) -> None:
    """Keep the words of what was sent, as long as a clinic keeps them."""
    sent = select(Message).where(
        Message.request_id.is_not(None),
        Message.status == MessageStatus.SENT,
        Message.created_at >= now - KEEP,
    )
    for message in session.scalars(sent.order_by(Message.id)):
        letter = _letter(session, message)
        message.rendered_at = message.sent_at
        link = links.to_consultation(message.sent_at or now, letter)
        if message.channel is Channel.SMS:
            said = request_text(letter, link)
            message.body, message.segments = said.encode(), fits(said).segments
            continue
        words, part = request_words(letter, link), _invitation(letter)
        message.subject = words.subject
        message.facts = {
            **message.facts,
            "rendered_for": letter.revision,
            "calendar": part.method if part else None,
        }
        message.body = mail.compose(
            words,
            letter.clinic,
            letter.address,
            message.message_id,
            message.created_at,
            message.language,
            part,
            policy=REMEMBERED,
        )


def _letter(session: Session, message: Message) -> RequestLetter:
    request = session.get_one(ConsultationRequest, message.request_id)
    row = session.get_one(Consultation, message.consultation_id) if message.consultation_id else None
    site = session.get_one(Site, row.site_id if row else request.site_id)
    return RequestLetter(message, request, message.recipient or "", site, row)


def _invitation(letter: RequestLetter) -> mail.CalendarPart | None:
    if letter.consultation is None or letter.message.purpose not in INVITED:
        return None
    event = consultation_event(letter.consultation, told(letter, letter.consultation))
    content = ics.invitation(event, letter.address, "REQUEST", letter.locale, letter.message.language)
    return mail.CalendarPart("REQUEST", content)

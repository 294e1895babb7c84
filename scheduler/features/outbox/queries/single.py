"""One message: where it stands, each try to deliver it, and what it says."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.outbox.queries.lines import MessageLine, base, lines
from scheduler.features.outbox.resendable import can_resend
from scheduler.models import Channel, Message, MessageAttempt, MessageStatus


@dataclass(frozen=True)
class History:
    """One try: when (local to the site), what came of it, in words."""

    at: datetime
    outcome: str
    detail: str


@dataclass(frozen=True)
class MessageDetail:
    """One message with its history, oldest try first; times are local to its site."""

    line: MessageLine
    language: str
    created_at: datetime
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    recipient: str
    tz: str
    history: list[History]
    can_resend: bool
    segments: int | None
    receipt_at: datetime | None
    provider_id: str


@dataclass(frozen=True)
class Contents:
    """What a message says, as plain text; `is_forgotten` once it was removed after its time."""

    subject: str
    text: str
    is_forgotten: bool


SECRET = re.compile(r"(/[acdkpruv]/)[A-Za-z0-9_-]{16,}")
LINK = re.compile(r"https?://[^/\s]+(?=/[acdkpruv]/[A-Za-z0-9_-]{16,})")
OUTCOMES = {
    "sent": "Sent",
    "temporary": "Not taken, tried again",
    "permanent": "Refused",
    "not_sent": "Not sent",
    "lapsed": "No result",
    "unknown": "No answer",
    "looked_up": "Asked the gateway",
    "receipt": "Receipt",
}


def message(session: Session, message_id: int, now: datetime) -> MessageDetail:
    """Read one message without its contents; raises NotFoundError."""
    found = session.get(Message, message_id)
    if found is None:
        raise NotFoundError("There is no such message. It may have been an old address.")
    (line,) = lines(session, base().where(Message.id == message_id))
    zone = line.when.tzinfo
    tries = session.scalars(
        select(MessageAttempt).where(MessageAttempt.message_id == message_id).order_by(MessageAttempt.id)
    )
    history = [
        History(row.at.astimezone(zone), OUTCOMES.get(row.outcome, row.outcome), row.detail) for row in tries
    ]
    return MessageDetail(
        line=line,
        language=found.language,
        created_at=found.created_at.astimezone(zone),
        due_at=found.due_at.astimezone(zone),
        expires_at=found.expires_at.astimezone(zone) if found.expires_at else None,
        attempts=found.attempts,
        recipient=found.recipient or "",
        tz=zone.key if isinstance(zone, ZoneInfo) else "UTC",
        history=history,
        can_resend=can_resend(found.status, line.visit_at, now),
        segments=found.segments,
        receipt_at=found.receipt_at.astimezone(zone) if found.receipt_at else None,
        provider_id=found.provider_id or "",
    )


def contents(session: Session, message_id: int, links_at: str = "") -> Contents | None:
    """Read what a message says; None as long as it has not been written.

    Links lack what opens them, but in the demo clinic: there they lead to the address `links_at`, where it is
    served now.
    """
    found = session.get(Message, message_id)
    if found is None or found.rendered_at is None:
        return None
    if found.body is None:
        return Contents("", "", is_forgotten=found.status is not MessageStatus.QUEUED)
    if found.channel is Channel.SMS:
        return Contents("", _shown(found.body.decode("utf-8"), links_at), is_forgotten=False)
    parsed = message_from_bytes(found.body, policy=policy.SMTP)
    plain = parsed.get_body(("plain",)) if isinstance(parsed, EmailMessage) else None
    text = plain.get_content() if plain is not None else ""
    return Contents(
        found.subject or "", _shown(text.replace("\r\n", "\n").strip(), links_at), is_forgotten=False
    )


def _shown(text: str, links_at: str) -> str:
    """The words without the secret part of links: they open a page for the patient and for nobody else."""
    return LINK.sub(lambda _: links_at, text) if links_at else SECRET.sub(r"\1…", text)

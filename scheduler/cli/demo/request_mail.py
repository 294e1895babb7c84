"""What was written to those who asked: sent when it was due, so that a new worker sends nothing late."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.demo.chance import uuid_text
from scheduler.cli.demo.delivery import SENT, TAKEN, WORKER
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.models import Channel, ConsultationRequest, Message, MessageAttempt, MessageStatus


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

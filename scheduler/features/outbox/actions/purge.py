"""Forget what old messages said (SECURITY.md 16). That they were sent, when and to whom, stays."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from scheduler.models import InboundMessage, Message, MessageStatus

KEEP = timedelta(days=90)


def purge_bodies(session: Session, at: datetime) -> int:
    """Empty the bytes of settled messages that are older than `KEEP`; give their number."""
    open_states = (MessageStatus.QUEUED, MessageStatus.SENDING)
    rows = session.execute(
        update(Message)
        .where(
            Message.created_at < at - KEEP,
            Message.status.not_in(open_states),
            or_(Message.body.is_not(None), Message.subject.is_not(None)),
        )
        .values(body=None, subject=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())


def purge_inbound(session: Session, at: datetime) -> int:
    """Empty what people wrote to us as long ago; what was made of it stays. Gives the number."""
    rows = session.execute(
        update(InboundMessage)
        .where(InboundMessage.received_at < at - KEEP, InboundMessage.body.is_not(None))
        .values(body=None)
        .returning(InboundMessage.id)
        .execution_options(synchronize_session=False)
    )
    return len(rows.all())

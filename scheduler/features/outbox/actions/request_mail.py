"""Write to somebody who asked for a consultation, in the transaction of the change that causes it.

Such a person is no patient (yet) and has chosen nothing but what they typed: mail goes where they gave an
address, a text where they gave a number alone. The agreement that stands with the request covers both.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.models import Channel, ConsultationRequest, Message, MessageStatus, Purpose, Site


def enqueue_for_request(
    session: Session,
    at: datetime,
    *,
    purpose: Purpose,
    request_id: int,
    dedupe_key: str,
    facts: Mapping[str, Any] | None = None,
    consultation_id: int | None = None,
    schedule_version: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    channel: Channel | None = None,
) -> Message | None:
    """Add one message to whoever asked, or give the one that was written before under the same `dedupe_key`.

    None where the request was erased: there is nobody to write to. It may go from `due_at` (default: now)
    until `expires_at`. `channel` is the one that is open, but for what ends at a former address.
    """
    request = session.get_one(ConsultationRequest, request_id)
    if not (request.email or request.phone):
        return None
    sender = session.get_one(Site, request.site_id).from_email
    values = {
        "dedupe_key": dedupe_key,
        "purpose": purpose,
        "channel": channel or (Channel.EMAIL if request.email else Channel.SMS),
        "status": MessageStatus.QUEUED,
        "request_id": request_id,
        "consultation_id": consultation_id,
        "schedule_version": schedule_version,
        "language": request.language,
        "facts": dict(facts or {}),
        "message_id": f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>",
        "created_at": at,
        "due_at": due_at or at,
        "expires_at": expires_at,
        "attempts": 0,
        "fence": 0,
        "next_attempt_at": due_at or at,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Message).values(**values).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return session.scalars(select(Message).where(Message.dedupe_key == dedupe_key)).one()


def void_consultation(session: Session, at: datetime, consultation_id: int, reason: str) -> int:
    """Withdraw what waits to be sent about a consultation, and give the number; `reason` is read by staff.

    What takes it out of a former address's calendar stays: it is true whatever becomes of the consultation.
    """
    rows = session.execute(
        update(Message)
        .where(
            Message.consultation_id == consultation_id,
            Message.status == MessageStatus.QUEUED,
            Message.purpose != Purpose.INVITATION_WITHDRAWN,
        )
        .values(status=MessageStatus.VOID, reason=reason, next_attempt_at=at)
        .returning(Message.id)
    )
    return len(rows.all())

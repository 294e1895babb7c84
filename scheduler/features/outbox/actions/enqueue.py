"""Write a message in the transaction of the change that causes it."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.models import Channel, Course, Infusion, Message, MessageStatus, Patient, Purpose, Site


def enqueue(
    session: Session,
    at: datetime,
    *,
    purpose: Purpose,
    patient_id: int,
    language: str,
    dedupe_key: str,
    facts: Mapping[str, Any],
    course_id: int | None = None,
    infusion_id: int | None = None,
    schedule_version: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    channel: Channel = Channel.EMAIL,
    message_id: str | None = None,
) -> Message:
    """Add one message, or give the one that was written before under the same `dedupe_key`.

    It may go from `due_at` (default: now) until `expires_at`. `facts` are those of the revision;
    `message_id` is random unless given, with the domain of the site's sender.
    """
    values = {
        "dedupe_key": dedupe_key,
        "purpose": purpose,
        "channel": channel,
        "status": MessageStatus.QUEUED,
        "patient_id": patient_id,
        "course_id": course_id,
        "infusion_id": infusion_id,
        "schedule_version": schedule_version,
        "language": language,
        "facts": dict(facts),
        "message_id": message_id or _new_message_id(session, patient_id, course_id, infusion_id),
        "created_at": at,
        "due_at": due_at or at,
        "expires_at": expires_at,
        "attempts": 0,
        "fence": 0,
        "next_attempt_at": due_at or at,
    }
    # Two workers may derive the same reminder at once: the second insert must find the first, not fail.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Message).values(**values).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return session.scalars(select(Message).where(Message.dedupe_key == dedupe_key)).one()


def _new_message_id(session: Session, patient_id: int, course_id: int | None, infusion_id: int | None) -> str:
    sender = session.scalars(_senders(patient_id, course_id, infusion_id)).one()
    return f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"


def _senders(patient_id: int, course_id: int | None, infusion_id: int | None) -> Select[str]:
    """The sender's address of the site that the message speaks for."""
    if infusion_id is not None:
        return (
            select(Site.from_email)
            .join(Infusion, Infusion.site_id == Site.id)
            .where(Infusion.id == infusion_id)
        )
    if course_id is not None:
        return select(Site.from_email).join(Course, Course.site_id == Site.id).where(Course.id == course_id)
    return select(Site.from_email).join(Patient, Patient.site_id == Site.id).where(Patient.id == patient_id)

"""Take one mail: write that it came and what was made of it, in the transaction of what it causes.

The row is written first, under the mail's Message-ID: whoever reads the same mail a second time, after a
break, from a restored mailbox or in a second worker, finds it and does nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.features.audit.actions import record
from scheduler.features.reminders.mailbox.answer import ANSWERS, Made, said_at, take_answer
from scheduler.features.reminders.mailbox.came_back import take_bounce
from scheduler.features.reminders.mailbox.mail import SortedMail
from scheduler.models import Channel, InboundMessage, Patient

AUTOMATIC = Made("automatic", "An automatic answer. Nothing was changed.")
TOO_LARGE = Made("too large", "Too large to be read here. It is in the mailbox, unread.")
BROKEN = Made("broken", "It could not be read here. It is in the mailbox, unread.")
WRITTEN = "Written by a person. It is in the mailbox, unread."
BY_PROGRAMS = frozenset(
    {*ANSWERS, "no answer", "no visit", "not invited", "out of date", "bounced", "delayed", "automatic"}
)
"""What nobody needs to open in the mailbox."""


def take_mail(session: Session, at: datetime, mail: SortedMail, *, is_whole: bool = True) -> str | None:
    """Act on a mail; gives the word that was understood, None where it was taken before."""
    row_id = _first(session, at, mail)
    if row_id is None:
        return None
    if mail.answer is not None and is_whole:
        made = take_answer(session, at, row_id, mail.sender, mail.answer)
    elif mail.bounce is not None:
        made = take_bounce(session, at, mail.bounce)
    elif mail.is_broken or not is_whole:
        made = BROKEN if mail.is_broken else TOO_LARGE
    else:
        made = AUTOMATIC if mail.is_automatic else Made("mail", WRITTEN, _writer(session, mail.sender))
    row = session.get_one(InboundMessage, row_id)
    row.understood, row.outcome = made.understood, made.outcome
    row.patient_id, row.infusion_id = made.patient_id, made.infusion_id
    if made.patient_id is not None and mail.text:  # What strangers write to the clinic is not kept here.
        row.body = mail.text
    record(
        session, WORKER, at, "mail.received", "inbound_message", row_id, made.patient_id, word=made.understood
    )
    session.flush()
    return made.understood


def note_broken(session: Session, at: datetime, mail: SortedMail) -> None:
    """Write that a mail could not be dealt with, so that the next ones are, and a person looks at it."""
    row_id = _first(session, at, mail)
    if row_id is not None:
        row = session.get_one(InboundMessage, row_id)
        row.understood, row.outcome = BROKEN.understood, BROKEN.outcome
        session.flush()


def _first(session: Session, at: datetime, mail: SortedMail) -> int | None:
    """Write the mail's row; None where it stands already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "provider_id": mail.message_id,
        "sender": mail.sender,
        "received_at": at,
        "said_at": said_at(mail.answer, at) if mail.answer is not None else None,
        "understood": "",
        "outcome": "",
    }
    row: int | None = session.scalar(
        insert(InboundMessage)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["channel", "provider_id"])
        .returning(InboundMessage.id)
    )
    return row


def _writer(session: Session, sender: str) -> int | None:
    """The patient whose address it is; nobody where several people share it."""
    if not sender:
        return None
    found = session.scalars(
        select(Patient.id)
        .where(func.lower(Patient.email) == sender, Patient.archived_at.is_(None))
        .order_by(Patient.id)
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None

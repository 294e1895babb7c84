"""Take a text that came in: write it down once, act on the word it is, answer it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.reminders.replies.words import understand
from scheduler.features.reminders.texts.act import act
from scheduler.models import Channel, InboundMessage

PATIENT = Actor(None, "patient, by text")


@dataclass(frozen=True)
class Text:
    """A text as the gateway gave it; `answers_itself` where it has answered STOP, START or HELP already."""

    provider_id: str
    sender: str
    body: str
    answers_itself: bool = False


def take_text(session: Session, at: datetime, text: Text) -> bool:
    """Act on a text; False, and nothing is changed, where it came before: a gateway may call twice."""
    word = understand(text.body)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    made = session.scalar(
        insert(InboundMessage)
        .values(
            channel=Channel.SMS,
            provider_id=text.provider_id,
            sender=text.sender,
            received_at=at,
            body=text.body,
            understood=word.value,
            outcome="",
        )
        .on_conflict_do_nothing(index_elements=["channel", "provider_id"])
        .returning(InboundMessage.id)
    )
    if made is None:
        return False
    row = session.scalars(select(InboundMessage).where(InboundMessage.id == made)).one()
    outcome = act(session, PATIENT, at, row, word, answers_itself=text.answers_itself)
    row.outcome, row.patient_id, row.infusion_id = outcome.words, outcome.patient_id, outcome.infusion_id
    record(session, PATIENT, at, "text.received", "inbound_message", row.id, row.patient_id, word=word.value)
    session.flush()
    return True

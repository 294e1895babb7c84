"""STOP that never reached us: the phone network took it, and refuses our texts to the number from then on.

The gateway says so when it is handed the next text, in a receipt, or when it is asked what became of a text.
What follows is what follows from STOP, without an answer, which would be refused as well.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.outbox.actions.look_up import Found, Question, record_answer
from scheduler.features.outbox.actions.receipt import Receipt, take_receipt
from scheduler.features.reminders.texts.meant import people
from scheduler.features.reminders.texts.switch import end_texts
from scheduler.models import Channel, Message
from scheduler.rendering.phones import readable
from scheduler.rendering.sms import OPTED_OUT

NEEDS_CALL = (
    "The phone network refuses texts to {number}: its holder has ended them there. The visits stand. "
    "Call about the next one."
)


def stopped_by_carrier(session: Session, actor: Actor, at: datetime, message_id: int, said: str) -> bool:
    """Send no more texts to where this one went; False where none went already."""
    number = session.get_one(Message, message_id).recipient
    if not number:
        return False
    why = NEEDS_CALL.format(number=readable(number))
    return end_texts(session, actor, at, number, people(session, number), "carrier", said, why)


def take_report(session: Session, actor: Actor, at: datetime, receipt: Receipt) -> bool:
    """Take a receipt, and what it says of the number; False where it is no news."""
    if not take_receipt(session, actor, at, receipt):
        return False
    if receipt.error in OPTED_OUT:
        texts = select(Message.id).where(Message.channel == Channel.SMS)
        row = session.scalars(texts.where(Message.provider_id == receipt.provider_id)).one()
        stopped_by_carrier(session, actor, at, row, f"Error {receipt.error} in a receipt.")
    return True


def take_answer(
    session: Session,
    actor: Actor,
    at: datetime,
    worker: str,
    question: Question,
    answer: Sequence[Found] | None,
) -> bool:
    """Take what the gateway has of a text, and what it says of the number; False where it is no news."""
    if not record_answer(session, at, worker, question, answer):
        return False
    receipt = session.get_one(Message, question.message_id).receipt or ""
    if (error := receipt.partition(" ")[2]) in OPTED_OUT:
        stopped_by_carrier(
            session, actor, at, question.message_id, f"Error {error}, when the gateway was asked."
        )
    return True

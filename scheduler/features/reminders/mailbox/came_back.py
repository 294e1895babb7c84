"""Act on mail that came back: the message is marked, and an address that does not exist takes nothing more.

A report names the Message-ID of what it is about, which nobody but the recipient's servers has seen. Few
servers leave it out; then the address must be one that was written to within the last days. Should anybody
forge that, a member of staff sees why the address is closed and opens it with one click."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.bounced import stop_mail
from scheduler.features.reminders.mailbox.answer import Made
from scheduler.features.reminders.mailbox.bounce import Bounce, Failure
from scheduler.models import Channel, Message, MessageStatus

WITHIN = timedelta(days=5)
"""As long as mail servers try."""

BOUNCED, DELAYED = "bounced", "delayed"
NOT_OURS = "It speaks of no message of ours. Nothing was changed."
WAITS = "The other server tries again. Nothing was changed."
STOPPED = "The address takes no mail: nothing more is sent to it."
OPEN = "The message did not arrive. The address stays open: the next one may."


def take_bounce(session: Session, at: datetime, bounce: Bounce) -> Made:
    """Act on a delivery report."""
    made = Made(DELAYED, NOT_OURS)
    for failure in bounce.failures:
        message = _message(session, at, bounce, failure)
        understood = BOUNCED if failure.is_permanent else DELAYED
        if message is None:
            if made.patient_id is None:
                made = Made(understood, NOT_OURS)
            continue
        outcome = _came_back(session, at, message, failure) if failure.is_permanent else WAITS
        made = Made(understood, outcome, message.patient_id, message.infusion_id)
    return made


def _message(session: Session, at: datetime, bounce: Bounce, failure: Failure) -> Message | None:
    """The message that a failure is about, the newest one where there are several."""
    mails = select(Message).where(Message.channel == Channel.EMAIL, Message.recipient.is_not(None))
    if bounce.about:
        named = mails.where(Message.message_id.in_(sorted(bounce.about)))
        return session.scalar(named.order_by(Message.id.desc()).limit(1))
    sent = mails.where(func.lower(Message.recipient) == failure.address, Message.sent_at > at - WITHIN)
    return session.scalar(sent.order_by(Message.sent_at.desc(), Message.id.desc()).limit(1))


def _came_back(session: Session, at: datetime, message: Message, failure: Failure) -> str:
    said = f"It came back ({failure.status}): {failure.words}".rstrip(": ")
    message.receipt, message.receipt_at = BOUNCED, at
    if message.status in (MessageStatus.SENT, MessageStatus.UNKNOWN):
        message.status, message.reason = MessageStatus.DEAD, f"{said}."
    session.flush()
    if not failure.is_of_the_address:
        return OPEN
    stop_mail(session, at, message, said)
    return STOPPED

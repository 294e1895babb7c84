"""Find out what became of a text that may have gone out, by what the gateway has.

It is asked three times: after a minute, ten minutes and an hour. What it has settles the text. What it does
not list stays unknown and is held for staff: a list that lags behind is no proof, and a text that is sent
twice costs more trust than one that a person sends again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler.features.outbox.receipts import stand_by_receipt
from scheduler.models import Channel, Message, MessageAttempt, MessageStatus

WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=1))
LOOKED = "looked_up"
SLACK = timedelta(minutes=2)
"""How far the gateway's clock may be behind ours."""

NOT_LISTED = "The gateway lists no such text."
NOT_TOLD = "The gateway could not be asked."
HELD = "It may have gone out: the gateway was asked {count} times. {last} Send it again if it should go."


@dataclass(frozen=True)
class Question:
    """A text to ask about: to whom, what it says, not taken before `since`."""

    message_id: int
    fence: int
    to: str
    text: str
    since: datetime


@dataclass(frozen=True)
class Found:
    """One text that the gateway has for the number."""

    provider_id: str
    text: str
    status: str
    error: str
    made_at: datetime | None


_looks = (
    select(func.count(MessageAttempt.id))
    .where(
        MessageAttempt.message_id == Message.id,
        MessageAttempt.outcome == LOOKED,
        MessageAttempt.at >= Message.rendered_at,
    )
    .correlate(Message)
    .scalar_subquery()
)


def next_question(session: Session, at: datetime) -> Question | None:
    """Take the unknown text that has waited longest to be asked about; None where none has."""
    due = (
        select(Message.id)
        .where(
            Message.status == MessageStatus.UNKNOWN,
            Message.channel == Channel.SMS,
            Message.next_attempt_at <= at,
            Message.rendered_at.is_not(None),
            Message.body.is_not(None),
            _looks < len(WAITS),
        )
        .order_by(Message.next_attempt_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = session.execute(
        update(Message)
        .where(Message.id == due.scalar_subquery())
        .values(fence=Message.fence + 1, next_attempt_at=at + WAITS[0])
        .returning(Message.id, Message.fence, Message.recipient, Message.body, Message.rendered_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    return Question(row.id, row.fence, row.recipient, row.body.decode("utf-8"), row.rendered_at - SLACK)


def record_answer(
    session: Session, at: datetime, worker: str, question: Question, answer: Sequence[Found] | None
) -> bool:
    """Write down what the gateway has (None: it did not say); False where the text was settled meanwhile."""
    row = session.scalars(
        select(Message)
        .where(
            Message.id == question.message_id,
            Message.fence == question.fence,
            Message.status == MessageStatus.UNKNOWN,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        return False
    looks = session.scalar(
        select(func.count(MessageAttempt.id)).where(
            MessageAttempt.message_id == row.id,
            MessageAttempt.outcome == LOOKED,
            MessageAttempt.at >= row.rendered_at,
        )
    )
    found = _ours(session, question, answer or ())
    detail = NOT_TOLD if answer is None else NOT_LISTED
    if found is not None:
        detail = f"The gateway has it: {found.status}."
        row.provider_id, row.receipt_at = found.provider_id, at
        row.receipt = f"{found.status} {found.error}".strip()
        stand_by_receipt(row)
    elif (count := (looks or 0) + 1) == len(WAITS):
        row.reason = HELD.format(count=len(WAITS), last=detail)
    else:
        row.next_attempt_at = at + WAITS[count - 1]
    session.add(
        MessageAttempt(
            message_id=row.id, at=at, fence=question.fence, worker=worker, outcome=LOOKED, detail=detail
        )
    )
    return True


def _ours(session: Session, question: Question, answer: Sequence[Found]) -> Found | None:
    """The one that is this text: the same words, made since, and no other message's."""
    likely = [
        one
        for one in answer
        if one.text.strip() == question.text.strip()
        and (one.made_at is None or one.made_at >= question.since)
    ]
    taken = set(
        session.scalars(
            select(Message.provider_id).where(
                Message.provider_id.in_([one.provider_id for one in likely]),
                Message.id != question.message_id,
            )
        )
    )
    return next((one for one in likely if one.provider_id not in taken), None)

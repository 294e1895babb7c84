"""How many texts one patient gets: one a day and three a week, unless they agreed to more (CLINICAL.md 6).

Days are those of the recipient's zone, and a week is any seven of them, so that no Sunday lets six texts
through. An answer to what the patient has just written is no reminder and is not counted.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import Channel, Message, MessageStatus, Purpose

A_DAY, A_WEEK = 1, 3
WENT_OUT = (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN)
NOT_COUNTED = (Purpose.ANSWER, Purpose.TEST, Purpose.REQUEST_RECEIVED)
DAY_FULL = "One text a day is the most, and today's has gone out. The patient has not agreed to more."
WEEK_FULL = "Three texts a week are the most, and they have gone out. The patient has not agreed to more."


def cap_reached(session: Session, at: datetime, message: Message, tz: str) -> str | None:
    """Why one more text would be too many for its patient at `at`; None where it would not."""
    if message.purpose in NOT_COUNTED:
        return None
    today = datetime.combine(at.astimezone(ZoneInfo(tz)).date(), time(), tzinfo=ZoneInfo(tz))
    if _since(session, message, today) >= A_DAY:
        return DAY_FULL
    if _since(session, message, today - timedelta(days=6)) >= A_WEEK:
        return WEEK_FULL
    return None


def _since(session: Session, message: Message, start: datetime) -> int:
    """The texts that left since `start`, or may have."""
    left_at = func.coalesce(Message.sent_at, Message.rendered_at)
    return (
        session.scalar(
            select(func.count(Message.id)).where(
                Message.patient_id == message.patient_id
                if message.request_id is None
                else Message.request_id == message.request_id,
                Message.channel == Channel.SMS,
                Message.purpose.not_in(NOT_COUNTED),
                Message.status.in_(WENT_OUT),
                Message.id != message.id,
                left_at >= start,
            )
        )
        or 0
    )

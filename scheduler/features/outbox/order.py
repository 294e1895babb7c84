"""Which messages of a patient, or of somebody who asked for a consultation, wait for an earlier one, so that
they arrive in the order they were written.

A patient who reads "your visit is cancelled" before "your visit moved to Tuesday" believes the wrong one. So
as long as an earlier message of the same patient on the same channel is on its way, waits for its next try or
for the morning, the later ones wait behind it. Three things don't wait, and nobody waits for them:

- an answer to what the patient has just written, which goes out at whatever hour;
- a message whose time has not come yet;
- one that could not even be written at its last try: a bad row never stops the next.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, and_, exists, literal_column, or_, type_coerce
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from scheduler.models import Message, MessageStatus, Purpose

OUT_OF_ORDER = (Purpose.ANSWER, Purpose.TEST, Purpose.DIGEST)
"""These belong to no sequence."""
OPEN = (MessageStatus.QUEUED, MessageStatus.SENDING)


def is_open(message: type[Message] | AliasedClass[Message] = Message) -> ColumnElement[bool]:
    """Whether a message is still to be sent, word for word the condition of the indexes over these
    (`models.message.IS_OPEN`): a state bound to the statement later can't be compared with theirs.
    """
    status = type_coerce(message.status, String) + literal_column("''")
    return status.in_(constants(OPEN))


def constants(values: Iterable[StrEnum]) -> list[ColumnElement[Any]]:
    """Words of ours as they stand in the statement: bound ones are handed over anew with each claim."""
    return [literal_column(f"'{one.value}'") for one in values]


def is_behind(at: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a message waits at `at` for an earlier one of its patient on its channel."""
    earlier = aliased(Message)
    can_go = or_(
        earlier.status == MessageStatus.SENDING,
        and_(
            earlier.status == MessageStatus.QUEUED,
            or_(earlier.attempts == 0, earlier.rendered_at.is_not(None)),
        ),
    )
    before = and_(
        is_open(earlier),
        earlier.channel == Message.channel,
        earlier.id < Message.id,
        earlier.due_at <= at,
        earlier.purpose.not_in(constants(OUT_OF_ORDER)),
        can_go,
    )
    # Two questions, for one that says "or" would read all that waits; and the second only of who asked, for
    # PostgreSQL would read as much to find that nobody has no number.
    return and_(
        Message.purpose.not_in(constants(OUT_OF_ORDER)),
        or_(
            exists().where(earlier.patient_id == Message.patient_id, before),
            and_(
                Message.request_id.is_not(None),
                exists().where(earlier.request_id == Message.request_id, before),
            ),
        ),
    )

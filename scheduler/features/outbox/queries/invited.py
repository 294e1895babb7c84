"""Whose calendar holds a visit or a consultation: read from the messages that carried it there, so it can't
drift from them.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from scheduler.models import Channel, Message, MessageStatus

NEVER_LEFT = (MessageStatus.VOID, MessageStatus.SUPPRESSED, MessageStatus.EXPIRED, MessageStatus.QUEUED)

_CARRIED = (
    select(Message.infusion_id, Message.recipient, Message.facts, Message.status, Message.attempts)
    .where(
        Message.infusion_id.in_(bindparam("visits", expanding=True)),
        Message.channel == Channel.EMAIL,
        Message.rendered_at.is_not(None),
    )
    .order_by(Message.rendered_at, Message.id)
)


def held_by(session: Session, infusion_ids: Iterable[int]) -> dict[int, str]:
    """By visit the address whose calendar holds its invitation; visits that stand in none are left out.

    A message that may have left counts as one that has: an update or a cancellation too many does no harm in
    a calendar that has no such entry, one too few leaves a wrong one.
    """
    rows = session.execute(_CARRIED, {"visits": sorted(set(infusion_ids))})
    found: dict[int, str] = {}
    for row in rows:
        method = row.facts.get("calendar")
        if method is None or (row.status in NEVER_LEFT and row.attempts == 0):
            continue
        if method == "REQUEST":
            found[row.infusion_id] = row.recipient
        elif found.get(row.infusion_id) == row.recipient:
            del found[row.infusion_id]
    return found


def consultation_holders(session: Session, consultation_id: int) -> dict[str, str]:
    """The addresses whose calendars may hold a consultation, each with the start that stands there.

    A message that may have left counts as one that has, as for visits.
    """
    rows = session.scalars(
        select(Message)
        .where(
            Message.consultation_id == consultation_id,
            Message.channel == Channel.EMAIL,
            Message.rendered_at.is_not(None),
        )
        .order_by(Message.rendered_at, Message.id)
    )
    found: dict[str, str] = {}
    for row in rows:
        if row.recipient is None or (row.status in NEVER_LEFT and row.attempts == 0):
            continue
        if row.facts.get("calendar") == "REQUEST":
            found[row.recipient] = row.facts["starts_at"]
        elif row.facts.get("calendar") == "CANCEL":
            found.pop(row.recipient, None)
    return found

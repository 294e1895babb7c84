"""Which visit a reply speaks of: the one that this number was told of last, if it can only be that one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import (
    Channel,
    InboundMessage,
    Infusion,
    InfusionStatus,
    Message,
    MessageStatus,
    Patient,
    Purpose,
)

ASKS = (Purpose.REMINDER, Purpose.VISIT_MOVED)
LEFT = (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN)


@dataclass(frozen=True)
class Told:
    """A visit still to come that this number was told of by text, the version of the time that was told, and
    whether an answer came since."""

    visit: Infusion
    version: int
    is_answered: bool


def people(session: Session, number: str) -> Sequence[Patient]:
    """The patients who have this number, the oldest record first."""
    return session.scalars(
        select(Patient)
        .where(Patient.phone == number, Patient.archived_at.is_(None))
        .order_by(Patient.created_at, Patient.id)
    ).all()


def meant(session: Session, at: datetime, number: str) -> list[Told]:
    """The visits that a C or an R from this number can mean: none, the one, or too many.

    What was not answered yet comes first: who has confirmed Monday and is reminded of Wednesday means
    Wednesday.
    """
    told = _told(session, at, number)
    return [one for one in told if not one.is_answered] or told


def _told(session: Session, at: datetime, number: str) -> list[Told]:
    last = (
        select(func.max(Message.id))
        .where(
            Message.channel == Channel.SMS,
            Message.recipient == number,
            Message.purpose.in_(ASKS),
            Message.status.in_(LEFT),
            Message.rendered_at.is_not(None),
        )
        .group_by(Message.infusion_id)
    )
    rows = session.execute(
        select(Message, Infusion)
        .join(Infusion, Infusion.id == Message.infusion_id)
        .join(Patient, Patient.id == Infusion.patient_id)
        .where(
            Message.id.in_(last),
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.starts_at > at,
            Patient.phone == number,
            Patient.archived_at.is_(None),
        )
        .order_by(Infusion.starts_at, Infusion.id)
    )
    return [_as_told(session, number, message, visit) for message, visit in rows]


def _as_told(session: Session, number: str, message: Message, visit: Infusion) -> Told:
    """Another chair is no other time: what was told holds as long as the hour does."""
    same = message.facts.get("told") == visit.starts_at.isoformat()
    version = visit.schedule_version if same else message.schedule_version or 0
    answered = session.scalar(
        select(func.max(InboundMessage.received_at)).where(
            InboundMessage.sender == number, InboundMessage.infusion_id == visit.id
        )
    )
    told_at = message.sent_at or message.rendered_at or message.created_at
    return Told(visit, version, answered is not None and answered >= told_at)

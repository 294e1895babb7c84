"""Where and when the patients of the next days have confirmed, and what they have ticked.

Who confirmed by text or in a calendar wrote something, which stands among what came in.
"""

from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.demo.chance import stream
from scheduler.cli.demo.days import Calendar
from scheduler.features.outbox.contact.queries import Choices, choices_of
from scheduler.models import (
    Channel,
    InboundMessage,
    Infusion,
    InfusionStatus,
    Patient,
    PreparationItem,
    PreparationTick,
)

YES = ("C", "C", "c", "Confirm", "C.")
SHARE_TICKED = 0.6


def answer(session: Session, calendar: Calendar, seed: int) -> None:
    """Give each answer its place and time, before now; whoever answered on their page ticked there, too."""
    chance = stream(seed, "answers")
    items = list(session.scalars(select(PreparationItem.id).order_by(PreparationItem.id)))
    rows = session.scalars(select(Infusion).where(Infusion.confirmation != "none").order_by(Infusion.id))
    visits = rows.all()
    people = {row.id: row for row in session.scalars(select(Patient).order_by(Patient.id))}
    chosen = choices_of(session, people)
    for row in visits:
        hours_before = timedelta(hours=chance.uniform(20, 70))
        at = min(row.starts_at - hours_before, calendar.now - timedelta(minutes=chance.randrange(5, 600)))
        row.confirmation_at = at.replace(microsecond=0)
        patient = people[row.patient_id]
        row.confirmation_source = chance.choice(_sources(patient, chosen[patient.id]))
        if row.confirmation_source == "page" and row.status is InfusionStatus.SCHEDULED:
            session.add_all(
                PreparationTick(infusion_id=row.id, item_id=item, at=row.confirmation_at, source="patient")
                for item in items
                if chance.random() < SHARE_TICKED
            )
        elif row.confirmation_source in ("text", "calendar"):
            session.add(_said(chance, row, patient))
    session.flush()


def _sources(patient: Patient, chosen: Choices) -> tuple[str, ...]:
    """The ways by which this patient could have answered; on the phone, where there is no other."""
    if chosen.sms:
        return ("text", "text", "page")
    if not patient.email:
        return ("desk",)
    return ("page", "page", "calendar") if chosen.invitations else ("page",)


def _said(chance: Random, row: Infusion, patient: Patient) -> InboundMessage:
    number = f"{chance.getrandbits(128):032x}"
    by_text = row.confirmation_source == "text"
    return InboundMessage(
        channel=Channel.SMS if by_text else Channel.EMAIL,
        provider_id=f"SM{number}" if by_text else f"<{number}@mail.example>",
        sender=(patient.phone if by_text else patient.email) or "",
        received_at=row.confirmation_at,
        said_at=None if by_text else row.confirmation_at,
        body=chance.choice(YES) if by_text else None,
        understood="confirm" if by_text else "accepted",
        outcome=f"The patient comes: no. {row.number}." if by_text else f"Visit {row.number} is confirmed.",
        patient_id=patient.id,
        infusion_id=row.id,
    )

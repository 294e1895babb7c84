"""Whom a message does not reach, so that somebody has to phone; told apart for news and for reminders.

News of a visit goes by every way that is open. A reminder goes only by a way that the patient wants reminders
by and that the clinic's rules use: who gets all news by text is phoned before a visit all the same, where
no rule reminds by text.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import Choices, Way, choices_of, ways_of
from scheduler.features.outbox.contact.reminding import UNWANTED, reminder_ways
from scheduler.models import Channel, Message, MessageStatus, Patient

UNDELIVERED = (MessageStatus.SUPPRESSED, MessageStatus.DEAD)
SETTLED = (MessageStatus.SENT, *UNDELIVERED)


@dataclass(frozen=True)
class Person:
    """A patient and the ways to them, e-mail first."""

    patient: Patient
    ways: tuple[Way, Way]
    chosen: Choices

    @property
    def untold(self) -> str:
        """Why no news reaches them; empty for who hears of it."""
        return _closed(self.ways)

    def unreminded(self, channels: Collection[Channel]) -> str:
        """Why nothing reminds them of a visit whose rules use these channels; empty for who is reminded."""
        return _closed(reminder_ways(self.ways, self.chosen, channels))


def people_of(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """Those of these patients whose record is in use, by id."""
    patients = session.scalars(
        select(Patient).where(Patient.id.in_(ids), Patient.archived_at.is_(None)).order_by(Patient.id)
    ).all()
    lost = _mail_is_lost(session, ids)
    chosen = choices_of(session, ids)
    reach = ways_of(session, {patient.id: (patient.email, patient.phone) for patient in patients}, chosen)
    found = {}
    for patient in patients:
        mail, texts = reach[patient.id]
        if mail.is_open and patient.id in lost:
            mail = replace(mail, closed="Mail does not arrive.")
        found[patient.id] = Person(patient, (mail, texts), chosen[patient.id])
    return found


def _mail_is_lost(session: Session, ids: Collection[int]) -> set[int]:
    """Those whose newest settled mail did not go out."""
    rows = session.execute(
        select(Message.patient_id, Message.status)
        .where(
            Message.patient_id.in_(ids),
            Message.channel == Channel.EMAIL,
            Message.status.in_(SETTLED),
            # A reminder that was not wanted says nothing of the mailbox. What went out has no reason.
            Message.reason.is_distinct_from(UNWANTED),
        )
        .order_by(Message.patient_id, Message.created_at, Message.id)
    )
    newest = {row.patient_id: row.status for row in rows}
    return {patient_id for patient_id, status in newest.items() if status in UNDELIVERED}


def _closed(ways: tuple[Way, Way]) -> str:
    return "" if any(way.is_open for way in ways) else ways[0].closed.rstrip(".")

"""A person with a signed course, messages, a correction and an addendum."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.review.actions.beside import Said, add_addendum
from scheduler.models import (
    Course,
    InboundMessage,
    Infusion,
    LegalHold,
    MessageAttempt,
    MessageStatus,
    VitalSigns,
)
from tests.support.booked import confirm
from tests.support.clinic import NOW, SmallClinic
from tests.support.course_logs import Signer, signer

ROSA = Actor(None, "Rosa")


def written_to(session: Session, clinic: SmallClinic, course_id: int) -> None:
    """A message that went out, its attempt, and what came back."""
    course = session.get_one(Course, course_id)
    message = confirm(session, course, [session.get_one(Infusion, 1)])
    session.flush()
    message.status = MessageStatus.SENT
    session.add(MessageAttempt(message_id=message.id, at=NOW, fence=1, worker="w", outcome="sent"))
    session.add(
        InboundMessage(
            channel="sms", provider_id="in-1", sender=clinic.patient.phone, received_at=NOW, body="C",
            understood="confirm", outcome="Confirmed", patient_id=clinic.patient.id,
        )
    )  # fmt: skip


def corrected(session: Session) -> None:
    """A reading that replaces another one: a row that refers to its own table."""
    at = NOW - timedelta(days=12)
    first = VitalSigns(log_id=6, key="first", taken_at=at, sbp=182, dbp=90, entered_at=at)
    session.add(first)
    session.flush()
    again = VitalSigns(
        log_id=6,
        key="again",
        taken_at=at,
        sbp=128,
        dbp=80,
        entered_at=at,
        replaces_id=first.id,
        reason="Slipped",
    )
    session.add(again)


@pytest.fixture
def signed(database: Database, clinic: SmallClinic) -> Signer:
    """Patient 1 with a signed course of six logs, on the morning of `NOW`."""
    found = signer(database, clinic)
    with database.write() as session:
        corrected(session)
        written_to(session, clinic, found.course_id)
    found.give_all_reasons()
    found.sign()
    with database.write() as session:
        add_addendum(session, found.ada, NOW, found.course_id, Said("70 kg", "Misread", "an-addendum", 1))
    return found


def hold(database: Database, patient_id: int = 1) -> None:
    """Put the record under a hold."""
    with database.write() as session:
        session.add(LegalHold(patient_id=patient_id, reason="Claim of a heir", placed_at=NOW))

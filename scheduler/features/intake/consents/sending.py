"""Sending a patient the link to what they have to sign, with one click of the desk."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consents.needs import consents_of
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.contact.queries import ways_of
from scheduler.models import Message, Patient, Purpose

FRESH = timedelta(days=2)
"""A message that could not go within two days goes no more: the desk sees it, and sends another."""
NOTHING = "There is nothing for the patient to sign now."
NO_WAY = "No way to the patient is open: neither mail nor text. Let them sign on a tablet at the clinic."


def send_papers(session: Session, actor: Actor, at: datetime, patient_id: int) -> Message:
    """Write the message that brings the link, by the way that is open.

    Pressed twice in a minute it is sent once. Raises NotFoundError, and RuleError where nothing is to be
    signed or no way is open.
    """
    patient = session.get(Patient, patient_id)
    if patient is None or patient.archived_at is not None:
        raise NotFoundError("There is no such patient, or the record is archived.")
    lacking = [each for each in consents_of(session, patient) if each.signed_at is None]
    if not lacking:
        raise RuleError(NOTHING)
    ways = ways_of(session, {patient.id: (patient.email, patient.phone)})[patient.id]
    way = next((way for way in ways if way.is_open), None)
    if way is None:
        raise RuleError(NO_WAY)
    message = enqueue(
        session,
        at,
        purpose=Purpose.CONSENTS,
        patient_id=patient.id,
        language=patient.language,
        dedupe_key=f"consents:{patient.id}:{int(at.timestamp()) // 60}",
        facts={},
        expires_at=at + FRESH,
        channel=way.channel,
    )
    record(session, actor, at, "consents.sent", "patient", patient.id, patient.id, consents=len(lacking))
    return message

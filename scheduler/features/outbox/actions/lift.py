"""Taking a patient's number or address into use again, after STOP or mail that came back."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.outbox.contact.actions import allow_address
from scheduler.models import Channel, Patient


def lift_stop(session: Session, actor: Actor, at: datetime, patient_id: int, channel: Channel) -> bool:
    """Let messages go there again; False where they did, or where nothing is on file."""
    patient = session.get_one(Patient, patient_id)
    address = patient.email if channel is Channel.EMAIL else patient.phone
    return bool(address) and allow_address(session, actor, at, channel, address or "")

"""An address that mail cannot reach takes nothing more: the server said so, at once or in a report later."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.features.outbox.contact.actions import stop_address
from scheduler.models import Channel, Message, Patient
from scheduler.rendering.errors import RenderError
from scheduler.rendering.mail import one_address


def stop_mail(session: Session, at: datetime, message: Message, said: str) -> None:
    """Send nothing more to where `message` went, by each way in which that address is on file."""
    addresses = {message.recipient} if message.recipient else set()
    patient = session.get(Patient, message.patient_id) if message.patient_id else None
    if patient is not None and patient.email and _ascii(patient.email) == message.recipient:
        addresses.add(patient.email)
    for address in sorted(addresses):
        stop_address(session, WORKER, at, Channel.EMAIL, address, "bounce", said)


def _ascii(address: str) -> str | None:
    """The address as it stands in an envelope, where a domain of other letters is written in ASCII."""
    try:
        return one_address(address, "The address")
    except RenderError:
        return None

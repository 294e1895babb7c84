"""What a link in a reminder opens, and what is done with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.outbox.links import leave_holder
from scheduler.models import Patient, Site, Topic
from scheduler.rendering.phones import readable

DEAD = "This link opens nothing."
NOTE = "By the link in a reminder."


@dataclass(frozen=True)
class Wish:
    """Whether reminders come by mail, as the page shows it; `number` is the phone as it is dialled."""

    link_id: int
    reminders: bool
    language: str
    clinic: str
    phone: str
    number: str


def wish_of(session: Session, raw: str, at: datetime) -> Wish:
    """What holds for the holder of a token. Raises NotFoundError, the same for whatever opens nothing."""
    link_id, patient = _holder(session, raw, at)
    site = session.get_one(Site, patient.site_id)
    return Wish(
        link_id=link_id,
        reminders=choices(session, patient.id).reminders,
        language=patient.language,
        clinic=site.discreet_name,
        phone=readable(site.phone),
        number=site.phone,
    )


def wish(session: Session, actor: Actor, at: datetime, raw: str, reminders: bool) -> None:
    """Write down whether the holder of a token wants reminders by mail. Raises NotFoundError.

    What holds already is not written again, so a mail program may press the button as often as it likes.
    """
    _, patient = _holder(session, raw, at)
    if choices(session, patient.id).reminders is not reminders:
        choose(session, actor, at, patient.id, Topic.REMINDERS, reminders, "patient", NOTE)


def _holder(session: Session, raw: str, at: datetime) -> tuple[int, Patient]:
    link = leave_holder(session, raw, at)
    if link is None:
        raise NotFoundError(DEAD)
    return link.id, session.get_one(Patient, link.patient_id)

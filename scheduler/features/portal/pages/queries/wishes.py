"""How a patient is written to, as they may change it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduler.features.outbox.contact.queries import choices, newest_choice, ways
from scheduler.models import Patient, Topic
from scheduler.rendering.language import codes, load
from scheduler.rendering.phones import readable


@dataclass(frozen=True)
class Wish:
    """One thing that may be allowed, by its name in the form."""

    topic: str
    allowed: bool


@dataclass(frozen=True)
class Wished:
    """What holds. `stopped`: the ways whose address takes nothing until that is lifted, whatever is allowed;
    `seen` is what the form sends back.
    """

    lines: Sequence[Wish]
    stopped: frozenset[str]
    languages: Sequence[tuple[str, str]]
    language: str
    email: str
    phone: str
    seen: int


def wished(session: Session, patient_id: int) -> Wished:
    """What a patient allows, and in which language they are written to."""
    patient = session.get_one(Patient, patient_id)
    chosen = choices(session, patient_id)
    return Wished(
        lines=[Wish(topic.value, bool(getattr(chosen, topic.value))) for topic in Topic],
        stopped=frozenset(way.channel.value for way in ways(session, patient, chosen) if way.held),
        languages=[(code, load(code).name) for code in codes()],
        language=patient.language,
        email=patient.email or "",
        phone=readable(patient.phone) if patient.phone else "",
        seen=newest_choice(session, patient_id),
    )

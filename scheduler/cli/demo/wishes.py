"""By which ways the patients want to hear: most by mail, many by text as well, some by text alone.

What they chose they said at the desk when they first came, as `outbox/contact` writes it down.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import stream
from scheduler.features.outbox.contact.actions import choose
from scheduler.models import Patient, Topic

SHARE_TEXTS, SHARE_TEXTS_ALONE, SHARE_MORE_TEXTS = 0.5, 0.35, 0.3
SHARE_SUMMARY_ONLY, SHARE_DETAIL = 0.1, 0.08


def choose_ways(session: Session, actor: Actor, seed: int, patients: Sequence[Patient]) -> None:
    """Write what each patient chose; who has no phone can't choose texts, nor who has no mail go without."""
    chance = stream(seed, "ways")
    for patient in patients:
        for topic, allowed in _chosen(patient, *(chance.random() for _ in range(5))):
            choose(session, actor, patient.created_at, patient.id, topic, allowed, "desk")


def _chosen(
    patient: Patient, texts: float, alone: float, more: float, summary: float, detail: float
) -> list[tuple[Topic, bool]]:
    found: list[tuple[Topic, bool]] = []
    if patient.phone and texts < SHARE_TEXTS:
        found.append((Topic.SMS, True))
        if more < SHARE_MORE_TEXTS:
            found.append((Topic.MORE_TEXTS, True))
        if patient.email and alone < SHARE_TEXTS_ALONE:
            return [*found, (Topic.EMAIL, False)]
    if patient.email and summary < SHARE_SUMMARY_ONLY:
        found.append((Topic.INVITATIONS, False))
    if detail < SHARE_DETAIL:
        found.append((Topic.DETAIL, True))
    return found

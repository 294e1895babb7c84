"""Consents of a clinic for tests: texts that are published, and signatures under them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.intake.consents.signing import Signing, sign
from scheduler.features.intake.consents.texts.actions import (
    add_consent,
    next_version,
    publish,
    save_draft,
)
from scheduler.features.intake.consents.texts.form import Where, Words
from scheduler.models import ConsentSignature, ConsentVersion
from tests.support.clinic import NOW

BORIS = Actor(None, "Boris", "192.0.2.9")
WORDS: Words = {
    "en": {"title": "Your treatment", "text": "# What it is\nA slow drip.\n\n- You rest.\n- You go home."},
    "es": {"title": "Su tratamiento", "text": "Un goteo lento."},
}


def add_text(
    session: Session,
    name: str = "Treatment",
    protocol_ids: Sequence[int] = (),
    site_ids: Sequence[int] = (),
    words: Words = WORDS,
) -> ConsentVersion:
    """A consent in its first version, published."""
    version_id = add_consent(session, BORIS, NOW, Where(name, tuple(protocol_ids), tuple(site_ids)), words)
    publish(session, BORIS, NOW, version_id, 1)
    return session.get_one(ConsentVersion, version_id)


def add_version(session: Session, before: ConsentVersion, *, asks_again: bool) -> ConsentVersion:
    """The next version of a consent, published."""
    version_id = next_version(session, BORIS, NOW, before.form_id)
    save_draft(session, BORIS, NOW, version_id, {"en": {"title": "Your treatment", "text": "Other words."}},
               asks_again, 1)  # fmt: skip
    publish(session, BORIS, NOW, version_id, 2)
    return session.get_one(ConsentVersion, version_id)


def signed(
    session: Session,
    patient_id: int,
    version: ConsentVersion,
    name: str = "Marta Lindqvist",
    at: datetime = NOW,
) -> ConsentSignature:
    """A patient's signature, given on their own phone."""
    return sign(session, BORIS, at, patient_id, Signing(version.id, "en", name, "link"))

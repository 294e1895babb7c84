"""Allergies and interpreters of a patient: what everybody at the chair must know first."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.models import PatientCaution

KINDS = ("allergy", "no_allergies", "interpreter")
LONGEST = 120


def note_caution(
    session: Session, actor: Actor, at: datetime, patient_id: int, kind: str, words: str
) -> None:
    """Note one of a patient; what stands in the same words is not noted twice.

    An allergy takes the place of "no known allergies" and the other way round is refused while one stands.
    Raises RuleError.
    """
    if kind not in KINDS:
        raise RuleError("Choose an allergy, that there is none, or an interpreter.")
    if kind != "no_allergies" and not words:
        raise RuleError("Write which one, such as penicillin, or the language.", field="words")
    if len(words) > LONGEST:
        raise RuleError(f"Keep it below {LONGEST} characters.", field="words")
    standing = session.scalars(
        select(PatientCaution)
        .where(PatientCaution.patient_id == patient_id, PatientCaution.struck_at.is_(None))
        .order_by(PatientCaution.id)
        .with_for_update()
    ).all()
    if any(row.kind == kind and row.words.casefold() == words.casefold() for row in standing):
        return
    if kind == "no_allergies" and any(row.kind == "allergy" for row in standing):
        raise RuleError("An allergy is noted. Strike it out first if it is wrong.")
    for row in standing:
        if kind == "allergy" and row.kind == "no_allergies":
            row.struck_at = at
    session.add(
        PatientCaution(patient_id=patient_id, kind=kind, words=words, noted_at=at, noted_by_id=actor.user_id)
    )
    audit.record(session, actor, at, "patient.caution_noted", "patient", patient_id, patient_id)


def strike_caution(session: Session, actor: Actor, at: datetime, patient_id: int, caution_id: int) -> None:
    """Strike out one that no longer holds. Raises NotFoundError; twice is once."""
    row = session.scalars(
        select(PatientCaution).where(PatientCaution.id == caution_id, PatientCaution.patient_id == patient_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("That is not noted for this patient. Open the page again.")
    if row.struck_at is None:
        row.struck_at = at
        audit.record(session, actor, at, "patient.caution_struck", "patient", patient_id, patient_id)

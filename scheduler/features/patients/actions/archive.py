"""Taking a patient out of the lists, and back in. Nothing of theirs is deleted."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.patients.queries import locked_patient, visits_ahead
from scheduler.models import Patient


def archive_patient(session: Session, actor: Actor, at: datetime, patient_id: int) -> Patient:
    """Take the patient out of search and lists. Raises RuleError while they still have visits ahead."""
    patient = locked_patient(session, patient_id)
    ahead = visits_ahead(session, patient_id, at)
    if ahead:
        visits = "1 visit" if ahead == 1 else f"{ahead} visits"
        raise RuleError(f"{patient.name} still has {visits} ahead. Archive the record after the last one.")
    if patient.archived_at is None:
        _turn(session, actor, at, patient, "patient.archived", at)
    return patient


def restore_patient(session: Session, actor: Actor, at: datetime, patient_id: int) -> Patient:
    """Bring an archived patient back."""
    patient = locked_patient(session, patient_id)
    if patient.archived_at is not None:
        _turn(session, actor, at, patient, "patient.restored", None)
    return patient


def _turn(
    session: Session, actor: Actor, at: datetime, patient: Patient, action: str, archived_at: datetime | None
) -> None:
    patient.archived_at = archived_at
    session.flush()
    record(session, actor, at, action, "patient", patient.id, patient.id, version=patient.version)

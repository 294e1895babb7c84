"""Taking a patient out of the lists, and back in. Nothing of theirs is deleted."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_patient
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.links import revoke_links
from scheduler.features.patients.actions.save import current_patient
from scheduler.features.patients.queries import goes_on, visits_left
from scheduler.models import Patient


def archive_patient(session: Session, actor: Actor, at: datetime, patient_id: int) -> Patient:
    """Take the patient out of search and lists.

    Raises RuleError where somebody would vanish who still comes: visits ahead, visits of which nobody said
    how they ended, a course that goes on. The lock is the one of bookings: nobody books at the same moment.
    """
    lock_patient(session, patient_id)
    patient = current_patient(session, patient_id)
    if patient.archived_at is None:
        _must_be_over(session, patient, at)
        _turn(session, actor, at, patient, "patient.archived", at)
        revoke_links(session, at, patient_id)
    return patient


def restore_patient(session: Session, actor: Actor, at: datetime, patient_id: int) -> Patient:
    """Bring an archived patient back."""
    patient = current_patient(session, patient_id)
    if patient.archived_at is not None:
        _turn(session, actor, at, patient, "patient.restored", None)
    return patient


def _must_be_over(session: Session, patient: Patient, at: datetime) -> None:
    ahead, unsaid = visits_left(session, patient.id, at)
    if ahead:
        visits = "1 visit" if ahead == 1 else f"{ahead} visits"
        raise RuleError(f"{patient.name} still has {visits} ahead. Archive the record after the last one.")
    if unsaid:
        visits = "1 visit" if unsaid == 1 else f"{unsaid} visits"
        raise RuleError(
            f"Nobody has said how {visits} of {patient.name} ended. Mark them as completed or missed, then "
            "archive the record."
        )
    if goes_on(session, patient.id):
        raise RuleError(
            f"{patient.name} has a course that goes on. Finish it or end it early, then archive the record."
        )


def _turn(
    session: Session, actor: Actor, at: datetime, patient: Patient, action: str, archived_at: datetime | None
) -> None:
    patient.archived_at = archived_at
    session.flush()
    record(session, actor, at, action, "patient", patient.id, patient.id, version=patient.version)

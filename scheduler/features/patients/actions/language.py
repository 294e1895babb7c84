"""The language in which a patient is written to, as they chose it themselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.patients.actions.save import current_patient
from scheduler.rendering.language import codes


def set_language(session: Session, actor: Actor, at: datetime, patient_id: int, code: str) -> bool:
    """Write to the patient in another language from now on; False where it is theirs already.

    Raises RuleError for a language that there is not.
    """
    if code not in codes():
        raise RuleError("Choose one of the languages.")
    patient = current_patient(session, patient_id)
    if patient.language == code:
        return False
    patient.language = code
    session.flush()
    record(
        session,
        actor,
        at,
        "patient.changed",
        "patient",
        patient.id,
        patient.id,
        fields=["language"],
        version=patient.version,
    )
    return True

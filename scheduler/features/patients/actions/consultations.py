"""A patient's new mail address reaches the consultation that they asked for before they had a record.

Its messages go where the request says, and nobody can correct a request whose person has a record.
"""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.follow_request import follow_request_address
from scheduler.features.patients.folding import fold
from scheduler.models import Consultation, ConsultationRequest, Patient


def follow_to_consultations(session: Session, at: datetime, patient: Patient, was: str | None) -> None:
    """Let consultations to come follow from the mail address that `was` to the one that the patient has."""
    rows = session.scalars(
        select(ConsultationRequest)
        .where(
            ConsultationRequest.patient_id == patient.id,
            ConsultationRequest.email == was,
            exists().where(
                Consultation.request_id == ConsultationRequest.id,
                Consultation.status == "scheduled",
                Consultation.starts_at > at,
            ),
        )
        .order_by(ConsultationRequest.id)
    ).all()
    for request in rows:
        if not (patient.email or request.phone):
            continue  # Nobody can be written to any more, and a request always says how to reach somebody.
        request.found_by = request.found_by.replace(f" {fold(was or '')}", f" {fold(patient.email or '')}", 1)
        request.email = patient.email
        session.flush()
        follow_request_address(session, at, request)

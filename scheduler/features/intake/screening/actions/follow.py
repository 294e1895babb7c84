"""What a signed screening sets off: the request goes on, allergies stand at the chair, a guardian is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.attend import seen_for_request
from scheduler.features.intake.screening.counting import rows_of
from scheduler.features.intake.screening.form.shape import NO
from scheduler.features.intake.screening.queries.draft import Draft
from scheduler.features.intake.screening.values import lines_of
from scheduler.features.intake.steps import advance, locked_request
from scheduler.features.patients.actions.cautions import note_caution
from scheduler.models import Patient, RequestStatus

DECIDED = "Decided in the screening"
"""All that the path of a request says of it: the reason is a clinician's."""
NOT_SEEN = (RequestStatus.NEW, RequestStatus.CONTACTED, RequestStatus.BOOKED)


def follow(session: Session, actor: Actor, at: datetime, draft: Draft, outcome: str) -> None:
    """Set it off, once it is signed. Raises ConflictError where the request was closed meanwhile."""
    if draft.row.request_id is not None:
        _lead_on(session, actor, at, draft.row.request_id, RequestStatus(outcome))
    if draft.row.patient_id is not None:
        _caution(session, actor, at, draft, draft.row.patient_id)
        _guard(session, actor, at, draft, draft.row.patient_id)


def _lead_on(session: Session, actor: Actor, at: datetime, request_id: int, to: RequestStatus) -> None:
    request = locked_request(session, request_id)
    if request.status is RequestStatus.BOOKED:
        seen_for_request(session, actor, at, request_id)
    elif request.status is RequestStatus.NEW:
        advance(session, actor, at, request, RequestStatus.CONTACTED)
    if request.status in NOT_SEEN:
        advance(session, actor, at, request, RequestStatus.SEEN)
    advance(session, actor, at, request, to, DECIDED)


def _guard(session: Session, actor: Actor, at: datetime, draft: Draft, patient_id: int) -> None:
    """Whom a clinician found to be the guardian is the guardian of the record."""
    patient = session.get_one(Patient, patient_id)
    guardian = draft.row.answers.get("guardian_name", "")
    if not guardian or guardian == patient.guardian_name:
        return
    patient.guardian_name = guardian
    session.flush()
    detail = {"fields": ["guardian_name"], "version": patient.version}
    record(session, actor, at, "patient.changed", "patient", patient_id, patient_id, **detail)


def _caution(session: Session, actor: Actor, at: datetime, draft: Draft, patient_id: int) -> None:
    answers = draft.row.answers
    for line in lines_of(rows_of(draft.form, "allergies"), answers):
        words = (
            f"{line['what']} ({line['how']})" if line["what"] and line["how"] else line["what"] or line["how"]
        )
        note_caution(session, actor, at, patient_id, "allergy", words)
    if answers.get("has_allergies") == NO:
        try:
            note_caution(session, actor, at, patient_id, "no_allergies", "")
        except RuleError:
            return  # An allergy is noted by somebody else: a person strikes it out, not a form.

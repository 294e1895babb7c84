"""Beginning a screening: of somebody who asked, or of a patient before a new course.

What hardly changes is taken over from the last one that was signed (medicines tried, allergies, who signs);
what has to be asked is asked again, and the last answer stands beside it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.screening.form import CURRENT
from scheduler.features.intake.screening.form.shape import Rows
from scheduler.features.intake.screening.queries.rows import last_signed, of_patient, of_request
from scheduler.features.intake.steps import locked_request
from scheduler.features.patients.actions.save import current_patient
from scheduler.models import Patient, Screening

TAKEN_OVER = ("guardian_name", "guardian_signs", "guardian_basis")


def begin_for_request(session: Session, actor: Actor, at: datetime, request_id: int) -> Screening:
    """The draft of somebody who asked: the one that stands, or a new one. Raises NotFoundError."""
    request = locked_request(session, request_id)
    known = {
        "birth_date": request.birth_date.isoformat() if request.birth_date else "",
        "guardian_name": request.guardian_name,
    }
    earlier = (
        of_patient(session, request.patient_id) if request.patient_id else of_request(session, request.id)
    )
    return _draft(session, actor, at, (request.id, request.patient_id), request.site_id, known, earlier)


def begin_for_patient(session: Session, actor: Actor, at: datetime, patient_id: int) -> Screening:
    """The draft of a patient: the one that stands, or a new one. Raises NotFoundError and ConflictError."""
    patient = current_patient(session, patient_id)
    session.scalars(select(Patient.id).where(Patient.id == patient.id).with_for_update()).one()
    if patient.archived_at is not None:
        raise ConflictError(f"{patient.name} is archived. Restore the patient first.")
    known = {"birth_date": patient.birth_date.isoformat(), "guardian_name": patient.guardian_name}
    earlier = of_patient(session, patient.id)
    return _draft(session, actor, at, (None, patient.id), patient.site_id, known, earlier)


def _draft(
    session: Session,
    actor: Actor,
    at: datetime,
    whose: tuple[int | None, int | None],
    site_id: int,
    known: dict[str, str],
    earlier: Sequence[Screening],
) -> Screening:
    request_id, patient_id = whose
    standing = [row for row in earlier if row.signed_at is None]
    if standing:
        return standing[0]
    if actor.user_id is None:
        raise RuleError("A screening is begun by a clinician. Sign in as one.")
    last = last_signed(session, patient_id)
    answers = (_taken_over(last) if last else {}) | {name: text for name, text in known.items() if text}
    row = Screening(
        request_id=request_id,
        patient_id=patient_id,
        site_id=site_id,
        previous_id=last.id if last else None,
        form=CURRENT.version,
        answers=answers,
        begun_at=at,
        begun_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    record(session, actor, at, "screening.begun", "screening", row.id, patient_id)
    return row


def _taken_over(last: Screening) -> dict[str, str]:
    lists = tuple(f"{each.name}." for part in CURRENT.parts for each in part.asks if isinstance(each, Rows))
    return {
        name: text
        for name, text in last.answers.items()
        if name in CURRENT.by_name and (name in TAKEN_OVER or name.startswith(lists))
    }

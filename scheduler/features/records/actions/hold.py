"""Hold a person's record back from deletion, and lift the hold."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_patient
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.steps import locked_request
from scheduler.features.records.queries.people import whole_person
from scheduler.models import LegalHold

LONGEST = 300
HAS_RECORD = "This person has a record by now. Place the hold there."


def place_hold(session: Session, actor: Actor, at: datetime, patient_id: int, reason: str) -> LegalHold:
    """Nothing of this person is deleted from now on. Raises NotFoundError, and RuleError without a reason."""
    patient, _ = whole_person(session, patient_id)
    checked_reason(reason, "Write why nothing may be deleted")
    lock_patient(session, patient.id)
    row = LegalHold(patient_id=patient.id, reason=reason, placed_at=at, placed_by_id=actor.user_id)
    session.add(row)
    session.flush()
    record(session, actor, at, "record.held", "legal_hold", row.id, patient.id)
    return row


def hold_request(session: Session, actor: Actor, at: datetime, request_id: int, reason: str) -> LegalHold:
    """Nothing of this request is erased from now on.

    Raises NotFoundError where the person was erased, RuleError without a reason or where they have a record.
    """
    request = locked_request(session, request_id)
    if request.patient_id is not None:
        raise RuleError(HAS_RECORD)
    checked_reason(reason, "Write why nothing may be deleted")
    row = LegalHold(request_id=request.id, reason=reason, placed_at=at, placed_by_id=actor.user_id)
    session.add(row)
    session.flush()
    record(session, actor, at, "record.held", "legal_hold", row.id, request=request.id)
    return row


def lift_hold(session: Session, actor: Actor, at: datetime, hold_id: int, reason: str) -> LegalHold:
    """End a hold; the same again changes nothing. Raises NotFoundError, and RuleError without a reason."""
    row = session.scalar(select(LegalHold).where(LegalHold.id == hold_id).with_for_update())
    if row is None:
        raise NotFoundError("There is no such hold.")
    if row.lifted_at is not None:
        return row
    checked_reason(reason, "Write why it may be deleted again")
    row.lifted_at, row.lifted_by_id, row.lift_reason = at, actor.user_id, reason
    session.flush()
    record(session, actor, at, "record.released", "legal_hold", row.id, row.patient_id)
    return row


def checked_reason(reason: str, ask: str) -> None:
    """Raise RuleError, which begins with `ask`, where a reason is missing or too long."""
    if not reason or len(reason) > LONGEST:
        raise RuleError(f"{ask}, in at most {LONGEST} characters.", field="reason")

"""Delete one person's record because somebody asks for it: at once whatever the law lets go."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_patient
from scheduler.errors import RuleError
from scheduler.features.records.actions.hold import checked_reason
from scheduler.features.records.actions.remove import Order, remove
from scheduler.features.records.queries.page import facts_of, plan_of
from scheduler.features.records.queries.people import whole_person
from scheduler.features.records.queries.rules import rules
from scheduler.models import RecordRemoval


def delete_record(
    session: Session, actor: Actor, at: datetime, patient_id: int, number: str, reason: str
) -> RecordRemoval:
    """Delete what may go now; the rest goes with a later run, from the day that the law lets it go.

    `number` is the record number as the person typed it, so that nobody deletes the wrong one. Raises
    NotFoundError, and RuleError where the number is another one, a reason is missing, the record is held or
    something goes on.
    """
    patient, ids = whole_person(session, patient_id)
    if number.strip().upper() != patient.record_number.upper():
        raise RuleError(
            "This is not the number of this record. Look at it and type it again.", field="number"
        )
    checked_reason(reason, "Write who asked for it and why")
    lock_patient(session, patient.id)
    plan = plan_of(facts_of(session, patient, ids), rules(session), at)
    return remove(session, actor, at, Order(patient.id, plan.kinds, plan.rest_from, "asked", reason))

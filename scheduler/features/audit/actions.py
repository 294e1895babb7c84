"""Adding to the audit trail.

The row stands in the transaction of the change itself: a change without its row, or a row
without its change, can't exist. `detail` names fields, counts and ids; never health data.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.models import AuditEvent


def record(
    session: Session,
    actor: Actor,
    at: datetime,
    action: str,
    entity: str,
    entity_id: int | None = None,
    patient_id: int | None = None,
    **detail: Any,
) -> None:
    """Add one event, such as `record(session, actor, at, "course.booked", "course", 7, 3, visits=6)`."""
    session.add(
        AuditEvent(
            at=at,
            actor_id=actor.user_id,
            actor=actor.label,
            action=action,
            entity=entity,
            entity_id=entity_id,
            patient_id=patient_id,
            address=actor.address,
            detail=detail,
        )
    )


def record_read(
    session: Session, actor: Actor, at: datetime, entity: str, entity_id: int, patient_id: int | None
) -> None:
    """Add that somebody looked at a patient's data."""
    record(session, actor, at, f"{entity}.read", entity, entity_id, patient_id)

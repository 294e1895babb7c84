"""What opening a link leaves behind."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record_read
from scheduler.models import PatientLink

TOUCH_EVERY = timedelta(minutes=1)


def note_look(
    session: Session, actor: Actor, at: datetime, link_id: int, entity: str, entity_id: int, patient_id: int
) -> None:
    """Note that a link was opened, and what was seen: the "infusion" or the "course" with this id."""
    session.execute(update(PatientLink).where(PatientLink.id == link_id).values(last_used_at=at))
    record_read(session, actor, at, entity, entity_id, patient_id)

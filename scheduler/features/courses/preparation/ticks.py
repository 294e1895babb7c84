"""Saying that something is ready for a visit: the patient on their page, or the desk on the phone."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.audit.actions import record
from scheduler.features.courses.preparation.lists import list_of
from scheduler.models import Infusion, InfusionStatus, PreparationTick

Source = Literal["desk", "patient"]


def set_tick(
    session: Session, actor: Actor, at: datetime, infusion_id: int, item_id: int, ready: bool, source: Source
) -> bool:
    """Tick or untick one item of a visit that is still to come; whether that changed anything.

    Raises NotFoundError where the item is not on the visit's list (any more), ConflictError for a visit that
    is over or off.
    """
    row = session.get(Infusion, infusion_id, with_for_update=True)
    if row is None:
        raise NotFoundError("There is no such visit. It may have been an old address.")
    if row.status not in (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED):
        raise ConflictError("This visit is over or off, so its list is closed.")
    if item_id not in {each.item_id for each in list_of(session, infusion_id)}:
        raise NotFoundError("This is not on the list any more. Open the page again.")
    found = session.get(PreparationTick, (infusion_id, item_id))
    if (found is not None) == ready:
        return False
    if found is None:
        session.add(PreparationTick(infusion_id=infusion_id, item_id=item_id, at=at, source=source))
    else:
        session.delete(found)
    session.flush()
    deed = "preparation.ticked" if ready else "preparation.unticked"
    record(session, actor, at, deed, "infusion", infusion_id, row.patient_id, item=item_id)
    return True

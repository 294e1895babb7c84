"""Handing a tablet of the clinic to a patient, for the questions of a visit."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.tablets import hand_over
from scheduler.features.ratings.timing import NOT_RATED
from scheduler.models import Infusion


def start_kiosk(session: Session, actor: Actor, at: datetime, infusion_id: int) -> str:
    """Begin a tablet for a visit and give its secret; an earlier one for the same visit ends.

    Raises NotFoundError, and RuleError for a visit that does not take place.
    """
    visit = session.get(Infusion, infusion_id)
    if visit is None:
        raise NotFoundError("There is no such visit.")
    if visit.status in NOT_RATED:
        raise RuleError("This visit does not take place, so there is nothing to ask.")
    return hand_over(session, actor, at, infusion_id=infusion_id, about=visit.patient_id)

"""Handing a tablet of the clinic to a patient, and taking it back.

The log-in of whoever hands it over ends on that browser: what the patient holds is no log-in with a curtain
before it, but a browser that is known as a tablet for one visit and as nothing else.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.ratings.timing import NOT_RATED
from scheduler.models import Infusion, Kiosk
from scheduler.tokens import new_token, token_hash

LASTS = timedelta(hours=4)
"""As long as the longest visit: a tablet that was forgotten ends by itself."""


def start_kiosk(session: Session, actor: Actor, at: datetime, infusion_id: int) -> str:
    """Begin a tablet for a visit and give its secret; an earlier one for the same visit ends.

    Raises NotFoundError, and RuleError for a visit that does not take place.
    """
    visit = session.get(Infusion, infusion_id)
    if visit is None:
        raise NotFoundError("There is no such visit.")
    if visit.status in NOT_RATED:
        raise RuleError("This visit does not take place, so there is nothing to ask.")
    session.execute(
        update(Kiosk).where(Kiosk.infusion_id == infusion_id, Kiosk.ended_at.is_(None)).values(ended_at=at)
    )
    raw = new_token()
    kiosk = Kiosk(
        token_hash=token_hash(raw),
        infusion_id=infusion_id,
        started_at=at,
        started_by_id=actor.user_id,
        expires_at=at + LASTS,
    )
    session.add(kiosk)
    session.flush()
    record(session, actor, at, "kiosk.started", "kiosk", kiosk.id, visit.patient_id, infusion_id=infusion_id)
    return raw

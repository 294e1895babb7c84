"""Which requests a legal hold keeps: of somebody who asked and has no record that could be held.

Once they have one the hold stands on it, and goes by the rules of records.
"""

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from scheduler.models import LegalHold


def held_requests() -> Select[int | None]:
    """The ids of the requests of which nothing may be erased."""
    return select(LegalHold.request_id).where(
        LegalHold.lifted_at.is_(None), LegalHold.request_id.is_not(None)
    )


def is_request_held(session: Session, request_id: int) -> bool:
    """Whether a hold stands on this request."""
    return session.scalar(held_requests().where(LegalHold.request_id == request_id).limit(1)) is not None


def hold_record_instead(session: Session, request_id: int, patient_id: int) -> None:
    """The request has a record from now on: its holds, those lifted too, go over to it."""
    session.execute(
        update(LegalHold)
        .where(LegalHold.request_id == request_id)
        .values(patient_id=patient_id, request_id=None)
    )

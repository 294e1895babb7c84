"""How far the screening of somebody who asked is, for those who may not read it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Screening, User


@dataclass(frozen=True)
class State:
    """When the newest was begun, and by whom it was signed when (None and empty: not yet): instants."""

    begun_at: datetime
    signed_at: datetime | None
    by: str


def states_of_requests(session: Session, request_ids: Collection[int]) -> Mapping[int, State]:
    """The newest screening of each of these requests that has one, in one query; never what it says."""
    rows = session.execute(
        select(Screening.request_id, Screening.begun_at, Screening.signed_at, User.name)
        .outerjoin(User, User.id == Screening.signed_by_id)
        .where(Screening.request_id.in_(list(request_ids)))
        .order_by(Screening.begun_at, Screening.id)
    )
    return {
        request_id: State(begun_at, signed_at, by or "")
        for request_id, begun_at, signed_at, by in rows
        if request_id is not None
    }

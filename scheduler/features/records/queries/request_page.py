"""The holds on the request of somebody who has no record, for a page of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.records.queries.holds import Hold, holds_on_request
from scheduler.models import ConsultationRequest

NO_SUCH = "There is no such request, or it was erased."


@dataclass(frozen=True)
class RequestHolds:
    """What the page shows; `name` for those who may know it. `patient_id`: the record that it led to."""

    request_id: int
    name: str
    received_at: datetime
    patient_id: int | None
    holds: Sequence[Hold]

    @property
    def is_held(self) -> bool:
        """Whether a hold stands."""
        return any(hold.lifted_at is None for hold in self.holds)


def request_holds(session: Session, request_id: int) -> RequestHolds:
    """The holds on one request. Raises NotFoundError where it is gone or erased."""
    request = session.get(ConsultationRequest, request_id)
    if request is None or request.erased_at is not None:
        raise NotFoundError(NO_SUCH)
    return RequestHolds(
        request.id,
        request.name,
        request.received_at,
        request.patient_id,
        holds_on_request(session, request.id),
    )

"""Ending a request of which nothing comes, and opening one again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.intake.consultations.actions.change import cancel
from scheduler.features.intake.steps import advance, locked_request
from scheduler.models import Consultation, ConsultationRequest, RequestStatus

NOT_REAL = "No real request"


def close(session: Session, actor: Actor, at: datetime, request_id: int, reason: str) -> ConsultationRequest:
    """Close a request with the reason; one that is closed stays as it is.

    A consultation that still stands is called off, and the person told. Raises NotFoundError, ConflictError
    where it has ended otherwise, RuleError without a reason.
    """
    stands = session.scalar(
        select(Consultation).where(Consultation.request_id == request_id, Consultation.status == "scheduled")
    )
    if stands is not None:  # Before the request is locked: whoever books locks the day first, too.
        cancel(session, actor, at, stands.id, reason, stands.version)
    request = locked_request(session, request_id)
    if request.status is not RequestStatus.CLOSED:
        advance(session, actor, at, request, RequestStatus.CLOSED, reason)
    return request


def reopen(session: Session, actor: Actor, at: datetime, request_id: int) -> ConsultationRequest:
    """Open a request again that has ended; it goes on where somebody has been spoken with.

    Raises NotFoundError, ConflictError for one that has not ended.
    """
    request = locked_request(session, request_id)
    if request.status is not RequestStatus.CONTACTED:
        advance(session, actor, at, request, RequestStatus.CONTACTED)
    return request


def sweep(session: Session, actor: Actor, at: datetime, request_ids: Sequence[int]) -> int:
    """Close those of these requests that nobody has answered, as no real requests; how many there were.

    Machines that get past the public page come in crowds: nobody should have to open each. Whoever was
    answered, or has gone, is passed over: somebody on the other desk may have been faster.
    """
    rows = session.scalars(
        select(ConsultationRequest)
        .where(
            ConsultationRequest.id.in_(request_ids),
            ConsultationRequest.status == RequestStatus.NEW,
            ConsultationRequest.erased_at.is_(None),
        )
        .order_by(ConsultationRequest.id)
        .with_for_update()
    ).all()
    for request in rows:
        advance(session, actor, at, request, RequestStatus.CLOSED, NOT_REAL)
    return len(rows)

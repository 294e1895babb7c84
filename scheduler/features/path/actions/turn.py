"""Ending a request of which nothing comes, and opening one again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.intake.steps import advance, locked_request
from scheduler.models import Consultation, ConsultationRequest, RequestStatus

STANDS = "The consultation still stands. Cancel it first, so that the person is told; then close the request."


def close(session: Session, actor: Actor, at: datetime, request_id: int, reason: str) -> ConsultationRequest:
    """Close a request with the reason; one that is closed stays as it is.

    Raises NotFoundError, ConflictError where it has ended otherwise, RuleError without a reason and while a
    consultation stands.
    """
    request = locked_request(session, request_id)
    if request.status is RequestStatus.CLOSED:
        return request
    stands = select(Consultation.id).where(
        Consultation.request_id == request_id, Consultation.status == "scheduled"
    )
    if session.scalar(stands) is not None:
        raise RuleError(STANDS)
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

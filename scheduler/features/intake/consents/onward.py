"""What a consent changes about the request that its patient came by: what somebody does next.

The words of a step can be written by hand, and then they stay: only those that the table of steps gives are
replaced. The requests are locked before the patient, as by whoever makes a record of one.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.intake.steps import STEPS, local_day, set_next
from scheduler.models import ConsultationRequest, RequestStatus

WITH_CONSENTS = STEPS[RequestStatus.SUITABLE].next_step
ALL_SIGNED = "Book the course"


def locked_requests(session: Session, patient_id: int) -> Sequence[ConsultationRequest]:
    """The requests of a patient that wait for consents and a course, their rows held."""
    return session.scalars(
        select(ConsultationRequest)
        .where(
            ConsultationRequest.patient_id == patient_id,
            ConsultationRequest.status == RequestStatus.SUITABLE,
        )
        .order_by(ConsultationRequest.id)
        .with_for_update()
    ).all()


def say_next(
    session: Session, actor: Actor, at: datetime, requests: Sequence[ConsultationRequest], *, signed: bool
) -> None:
    """Say what is next of `locked_requests`, now that every consent is `signed`, or one is not any more."""
    was, then = (WITH_CONSENTS, ALL_SIGNED) if signed else (ALL_SIGNED, WITH_CONSENTS)
    for request in requests:
        if request.next_step == was:
            today = local_day(session, request.site_id, at)
            set_next(session, actor, at, request, then, max(request.next_due or today, today))

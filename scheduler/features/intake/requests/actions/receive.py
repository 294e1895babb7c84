"""Taking a request: the row, its first step, and a discreet acknowledgement, in one transaction."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.intake.requests.order import Order
from scheduler.features.intake.requests.queries import request_of_key
from scheduler.features.intake.steps import begin
from scheduler.features.outbox.actions.request_mail import enqueue_for_request
from scheduler.models import ConsultationRequest, Message, Purpose

ONE_ANSWER_IN = timedelta(days=1)
"""Whoever writes a stranger's address into the page many times has one message sent there."""


def receive(session: Session, actor: Actor, at: datetime, order: Order) -> ConsultationRequest:
    """Take a request, and give it; the one that came before under the same key, unchanged.

    Two copies of one form that race: the second raises ConflictError, and finds the first when it asks again.
    """
    found = request_of_key(session, order.request_key)
    if found is not None:
        return found
    request = ConsultationRequest(
        **{**asdict(order), "half_days": list(order.half_days)},
        consent_at=at,
        received_at=at,
        status_since=at,
    )
    session.add(request)
    begin(session, actor, at, request, source=order.source, half_days=list(order.half_days), way=order.way)
    if not _answered_lately(session, at, request):
        enqueue_for_request(
            session,
            at,
            purpose=Purpose.REQUEST_RECEIVED,
            request_id=request.id,
            dedupe_key=f"request_received:{request.id}",
        )
    return request


def _answered_lately(session: Session, at: datetime, request: ConsultationRequest) -> bool:
    """Whether the same address, or where there is none the same number, was written to within a day."""
    reach = (
        ConsultationRequest.email == request.email
        if request.email
        else ConsultationRequest.phone == request.phone
    )
    found = session.scalar(
        select(Message.id)
        .join(ConsultationRequest, ConsultationRequest.id == Message.request_id)
        .where(Message.purpose == Purpose.REQUEST_RECEIVED, Message.created_at > at - ONE_ANSWER_IN, reach)
        .limit(1)
    )
    return found is not None

"""Erasing the person behind a request of which nothing came, as the page promised.

Nothing came of it where the site's days have passed since the last thing that happened, and nobody was seen:
no record was made, no consultation held or still to come, no screening begun, no alert raised. From there on
a clinician wrote something down about somebody, and the rules for records hold, not these. What is under a
legal hold stays as well. A request that was still open is closed first, so that its history says how it
ended. The row stays for the counts, and the steps with their days; names, ways to reach them, notes, wishes
and what was written to them go.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.features.audit.actions import record
from scheduler.features.intake.found import found_by
from scheduler.features.intake.held import held_requests, is_request_held
from scheduler.features.intake.requests.queries import keep_days
from scheduler.features.intake.steps import OPEN, advance, locked_request, note_event, task_key
from scheduler.models import (
    Alert,
    Consultation,
    ConsultationRequest,
    Message,
    MessageStatus,
    RequestEvent,
    RequestStatus,
    Screening,
    StaffTask,
)

AT_ONCE = 200
NOTHING_CAME = "Nothing came of it"
KEPT_FACTS = ("from",)


def erase_forgotten(session: Session, at: datetime) -> int:
    """Erase the next persons whose time is over at `at`, at most 200; give their number."""
    found = [
        request_id
        for site_id, days in keep_days(session).items()
        for request_id in _forgotten(session, site_id, at, at - timedelta(days=days))
    ][:AT_ONCE]
    return sum(erase(session, at, request_id) for request_id in found)


def erase(session: Session, at: datetime, request_id: int) -> bool:
    """Erase the person behind one request; False where a hold was placed meanwhile.

    Raises NotFoundError where that was done already.
    """
    request = locked_request(session, request_id)
    if is_request_held(session, request_id):
        return False
    if request.status in OPEN:
        advance(session, WORKER, at, request, RequestStatus.CLOSED, NOTHING_CAME)
    request.given_name = request.family_name = request.guardian_name = request.status_reason = ""
    request.email = request.phone = request.birth_date = None
    request.half_days, request.next_step, request.next_due, request.erased_at = [], "", None, at
    request.found_by = found_by(request)
    _empty_events(session, request_id)
    _empty_messages(session, at, request_id)
    session.execute(
        update(StaffTask)
        .where(StaffTask.dedupe_key == task_key(request_id))
        .values(facts={"request_id": request_id})
    )
    session.execute(
        update(Consultation).where(Consultation.request_id == request_id).values(status_reason="")
    )
    session.flush()
    note_event(session, WORKER, at, request, "erased")
    record(session, WORKER, at, "request.erased", "request", request_id)
    return True


def _forgotten(session: Session, site_id: int, at: datetime, quiet_since: datetime) -> Iterable[int]:
    """Requests of a site at which nothing has happened since, and of which nothing came, the oldest first."""
    last = (
        select(func.max(RequestEvent.at))
        .where(RequestEvent.request_id == ConsultationRequest.id)
        .scalar_subquery()
    )
    of_it = Consultation.request_id == ConsultationRequest.id
    held = exists().where(of_it, Consultation.status == "seen")
    to_come = exists().where(of_it, Consultation.status == "scheduled", Consultation.ends_at > at)
    return session.scalars(
        select(ConsultationRequest.id)
        .where(
            ConsultationRequest.site_id == site_id,
            ConsultationRequest.erased_at.is_(None),
            ConsultationRequest.patient_id.is_(None),
            ConsultationRequest.received_at < quiet_since,
            func.coalesce(last, ConsultationRequest.received_at) < quiet_since,
            ~held,
            ConsultationRequest.id.not_in(held_requests()),
            ~to_come,
            ~exists().where(Screening.request_id == ConsultationRequest.id),
            ~exists().where(Alert.request_id == ConsultationRequest.id),
        )
        .order_by(ConsultationRequest.id)
        .limit(AT_ONCE)
    ).all()


def _empty_events(session: Session, request_id: int) -> None:
    events = session.scalars(
        select(RequestEvent).where(RequestEvent.request_id == request_id).order_by(RequestEvent.id)
    )
    for event in events:
        event.note = ""
        event.facts = {name: value for name, value in event.facts.items() if name in KEPT_FACTS}


def _empty_messages(session: Session, at: datetime, request_id: int) -> None:
    """What waits is withdrawn; that something was sent, and when, stays."""
    of_it = Message.request_id == request_id
    session.execute(
        update(Message)
        .where(of_it, Message.status == MessageStatus.QUEUED)
        .values(status=MessageStatus.VOID, reason=NOTHING_CAME, next_attempt_at=at)
    )
    session.execute(update(Message).where(of_it).values(recipient=None, subject=None, body=None, facts={}))

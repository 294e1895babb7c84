"""Correcting what somebody gave with their request: a name misheard on the phone, another number."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.features.intake.found import found_by
from scheduler.features.intake.steps import locked_request, note_event
from scheduler.features.outbox.actions.follow_request import follow_request_address
from scheduler.models import ConsultationRequest

HAS_RECORD = "This person has a record by now. Change their details there."


@dataclass(frozen=True)
class Details:
    """Who asks and how they are reached, validated as for a patient; e-mail or phone is given.

    A request of somebody under 18 names the guardian.
    """

    given_name: str
    family_name: str
    email: str | None
    phone: str | None
    language: str
    way: str
    half_days: tuple[str, ...]
    is_minor: bool
    guardian_name: str


def correct(
    session: Session, actor: Actor, at: datetime, request_id: int, details: Details, seen: int
) -> ConsultationRequest:
    """Save the details over the version that was `seen`.

    With another address a booked consultation leaves the former calendar and is told anew. Raises
    NotFoundError, ConflictError where the request was changed since or has a record by now.
    """
    request = locked_request(session, request_id)
    if request.patient_id is not None:
        raise ConflictError(HAS_RECORD)
    changed = [name for name, value in _values(details).items() if getattr(request, name) != value]
    if not changed:
        return request
    if request.version != seen:
        raise ConflictError(
            "Somebody changed this request while you typed. What you typed is still here. Look at the "
            "request in another window, then save again to write yours instead."
        )
    reached = request.email or request.phone
    for name in changed:
        setattr(request, name, _values(details)[name])
    request.found_by = found_by(request)
    session.flush()
    if (request.email or request.phone) != reached:
        follow_request_address(session, at, request)
    note_event(session, actor, at, request, "edited", fields=changed)
    record(session, actor, at, "request.edited", "request", request.id, None, fields=changed)
    return request


def _values(details: Details) -> dict[str, Any]:
    return {**asdict(details), "half_days": list(details.half_days)}

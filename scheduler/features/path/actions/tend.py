"""What the desk does between the steps of a request: a note, a call, whose it is and what is next."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.steps import (
    LONGEST_NOTE,
    OPEN,
    advance,
    local_day,
    locked_request,
    note_event,
    set_next,
    workday,
)
from scheduler.models import ConsultationRequest, RequestEvent, RequestStatus, User

CALL_AGAIN = "Call again"
OVER = "This request has ended, so nothing is next. Open it again first."


@dataclass(frozen=True)
class Plan:
    """What is next, by when, and who looks after it (None: nobody); `seen` is the version that was shown."""

    next_step: str
    due: date
    owner_id: int | None
    seen: int


def add_note(session: Session, actor: Actor, at: datetime, request_id: int, text: str) -> ConsultationRequest:
    """Write a note. The same one again, as by a second click, is not written twice.

    Raises NotFoundError, RuleError for an empty or too long one.
    """
    request = locked_request(session, request_id)
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise RuleError(f"Write the note in at most {LONGEST_NOTE} characters.")
    last = session.scalar(
        select(RequestEvent).where(RequestEvent.request_id == request_id).order_by(RequestEvent.id.desc())
    )
    if last is None or (last.step, last.note, last.actor_id) != ("note", words, actor.user_id):
        note_event(session, actor, at, request, "note", words)
        _audit(session, actor, at, request, "noted")
    return request


def reached(session: Session, actor: Actor, at: datetime, request_id: int) -> ConsultationRequest:
    """They were spoken with. One who was already, is. Raises NotFoundError, ConflictError."""
    request = locked_request(session, request_id)
    if request.status is not RequestStatus.CONTACTED:
        advance(session, actor, at, request, RequestStatus.CONTACTED)
    return request


def tried(session: Session, actor: Actor, at: datetime, request_id: int) -> ConsultationRequest:
    """Nobody answered: somebody calls again on the next working day. Raises NotFoundError, ConflictError."""
    request = _open(session, request_id)
    due = workday(local_day(session, request.site_id, at), 1)
    note_event(session, actor, at, request, "tried", next=CALL_AGAIN, due=due.isoformat())
    set_next(session, actor, at, request, CALL_AGAIN, due)
    _audit(session, actor, at, request, "tried")
    return request


def plan(session: Session, actor: Actor, at: datetime, request_id: int, wanted: Plan) -> ConsultationRequest:
    """Write what is next and who looks after it.

    Raises NotFoundError, RuleError for words or a day that can't be, ConflictError where the request was
    changed since it was shown, or has ended.
    """
    request = _open(session, request_id)
    if request.version != wanted.seen:
        by = session.scalar(
            select(RequestEvent.actor)
            .where(RequestEvent.request_id == request_id)
            .order_by(RequestEvent.id.desc())
        )
        raise ConflictError(
            f"{by} changed this request while you typed: what is next is now “{request.next_step}”. What you "
            "typed is still here. Save again to write yours instead."
        )
    if wanted.due < local_day(session, request.site_id, at):
        raise RuleError("Choose today or a day ahead.", errors={"due": "Choose today or a day ahead."})
    owner = _owner(session, wanted.owner_id)
    facts = _changed(request, wanted, owner)
    if facts:
        request.owner_id = wanted.owner_id
        set_next(session, actor, at, request, wanted.next_step, wanted.due)
        note_event(session, actor, at, request, "planned", **facts)
        _audit(session, actor, at, request, "planned", owner=wanted.owner_id)
    return request


def _open(session: Session, request_id: int) -> ConsultationRequest:
    request = locked_request(session, request_id)
    if request.status not in OPEN:
        raise ConflictError(OVER)
    return request


def _owner(session: Session, owner_id: int | None) -> str:
    if owner_id is None:
        return ""
    name = session.scalar(select(User.name).where(User.id == owner_id, User.disabled_at.is_(None)))
    if name is None:
        raise RuleError("Choose who looks after it from the list.", errors={"owner": "Choose from the list."})
    return name


def _changed(request: ConsultationRequest, wanted: Plan, owner: str) -> dict[str, str]:
    """What is new, for the history."""
    facts = {}
    if (" ".join(wanted.next_step.split()), wanted.due) != (request.next_step, request.next_due):
        facts = {"next": " ".join(wanted.next_step.split()), "due": wanted.due.isoformat()}
    if wanted.owner_id != request.owner_id:
        facts["owner"] = owner
    return facts


def _audit(
    session: Session, actor: Actor, at: datetime, request: ConsultationRequest, what: str, **detail: object
) -> None:
    record(session, actor, at, f"request.{what}", "request", request.id, request.patient_id, **detail)

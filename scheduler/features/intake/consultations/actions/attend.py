"""What became of a consultation: the person is here, was seen, or did not come; and taking that back."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.change import cancel
from scheduler.features.intake.consultations.actions.opened import Opened, day_of, must_stand, opened
from scheduler.features.intake.consultations.actions.tell import OFF
from scheduler.features.intake.steps import advance, local_day, note_event, set_next, workday
from scheduler.features.outbox.actions.request_mail import void_consultation
from scheduler.models import Consultation, RequestStatus

TOO_EARLY = "The consultation has not begun. Move it or call it off instead."
NOT_TODAY = "The consultation is on another day. Move it first if they are here now."
NOTHING = "There is nothing to take back: the request has moved on. Look again."
UNDO_WITHIN = timedelta(days=1)
"""So long after its end a consultation can be put back to where it stood."""
BACK = {"seen": RequestStatus.SEEN, "missed": RequestStatus.CONTACTED}
"""What can be taken back, and where the request must still stand."""
CALL = "Call them: they did not come"


def attend(
    session: Session, actor: Actor, at: datetime, consultation_id: int, step: str, seen: int
) -> Consultation:
    """Take one step: "arrived", "seen", "missed", or "undo" of the last of these.

    Raises ConflictError where it was changed since version `seen` or the step can't be taken from where it
    stands, RuleError for an unknown step, one on another day, or somebody missed before their time.
    """
    held = opened(session, consultation_id, seen)
    match step:
        case "arrived":
            _arrived(at, held)
        case "seen":
            _seen(session, actor, at, held)
        case "missed":
            _missed(session, actor, at, held)
        case "undo":
            _undo(session, actor, at, held)
        case _:
            raise RuleError("This step could not be read. Open the page again and choose it there.")
    session.flush()
    action = f"consultation.{step}"
    record(session, actor, at, action, "consultation", held.row.id, held.request.patient_id)
    return held.row


def seen_for_request(session: Session, actor: Actor, at: datetime, request_id: int) -> None:
    """Say that the consultation that is booked for a request was held: its screening is being signed.

    One that is on a later day is called off instead: they were seen before it, and its time is free again.
    """
    row = session.scalars(
        select(Consultation).where(Consultation.request_id == request_id, Consultation.status == "scheduled")
    ).one_or_none()
    if row is not None and row.local_day > local_day(session, row.site_id, at):
        cancel(session, actor, at, row.id, "They were seen before it", row.version)
    elif row is not None:
        attend(session, actor, at, row.id, "seen", row.version)


def _arrived(at: datetime, held: Opened) -> None:
    must_stand(held.row)
    if day_of(held.site, at) != held.row.local_day:
        raise RuleError(NOT_TODAY)
    held.row.arrived_at = at


def _seen(session: Session, actor: Actor, at: datetime, held: Opened) -> None:
    must_stand(held.row)
    if day_of(held.site, at) < held.row.local_day:
        raise RuleError(NOT_TODAY)
    held.row.status = "seen"
    void_consultation(session, at, held.row.id, "The consultation has been held.")
    advance(session, actor, at, held.request, RequestStatus.SEEN)


def _missed(session: Session, actor: Actor, at: datetime, held: Opened) -> None:
    must_stand(held.row)
    if at < held.row.starts_at:
        raise RuleError(TOO_EARLY)
    held.row.status, held.row.arrived_at = "missed", None
    void_consultation(session, at, held.row.id, OFF)
    note_event(session, actor, at, held.request, "missed", starts_at=held.row.starts_at.isoformat())
    advance(session, actor, at, held.request, RequestStatus.CONTACTED, "Did not come to the consultation")
    set_next(session, actor, at, held.request, CALL, workday(day_of(held.site, at), 1))


def _undo(session: Session, actor: Actor, at: datetime, held: Opened) -> None:
    """Back to where it stood before; what was called off stays off, for its calendar entry is gone."""
    row = held.row
    if row.status == "scheduled" and row.arrived_at is not None:
        row.arrived_at = None
        return
    stood = BACK.get(row.status)
    if stood is None or held.request.status is not stood or at > row.ends_at + UNDO_WITHIN:
        raise ConflictError(NOTHING)
    row.status = "scheduled"
    session.flush()
    advance(session, actor, at, held.request, RequestStatus.BOOKED, due=row.local_day, undone=True)

"""Move a consultation, or call it off."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.opened import (
    Opened,
    check_place,
    day_of,
    in_utc,
    must_stand,
    opened,
)
from scheduler.features.intake.consultations.actions.tell import tell_moved, tell_off
from scheduler.features.intake.consultations.order import Place
from scheduler.features.intake.consultations.times import MINUTES
from scheduler.features.intake.steps import LONGEST_REASON, advance, note_event, set_next
from scheduler.models import Consultation, RequestStatus

NO_REASON = "Write why it is called off. Whoever opens this request later reads it."
HOLD = "Hold the consultation"


def move(
    session: Session, actor: Actor, at: datetime, consultation_id: int, place: Place, seen: int
) -> Consultation:
    """Put a consultation at another time, with another clinician, or let it be held another way.

    The person is told only what is new to them; another clinician at the same time is not. Raises
    ConflictError where it was changed since version `seen` or the time is taken, RuleError as `book` does.
    """
    held = opened(session, consultation_id, seen, [place.starts_at])
    row = held.row
    must_stand(row)
    start = in_utc(place.starts_at)
    if (row.clinician_id, row.starts_at, row.way) == (place.clinician_id, start, place.way):
        return row
    if (row.clinician_id, row.starts_at) != (place.clinician_id, start):
        check_place(session, at, held.site, place, row)
    elif place.way == "video":
        _must_have_video(held)
    is_news = (row.starts_at, row.way) != (start, place.way)
    row.clinician_id, row.way = place.clinician_id, place.way
    row.starts_at, row.ends_at = start, start + timedelta(minutes=MINUTES)
    row.local_day = day_of(held.site, start)
    if is_news:
        row.schedule_version += 1
        row.ics_sequence += 1
        row.ics_dtstamp = at.replace(microsecond=0)
        row.confirmation, row.confirmation_at, row.arrived_at = "none", None, None
    session.flush()
    set_next(session, actor, at, held.request, HOLD, row.local_day)
    note_event(session, actor, at, held.request, "moved", starts_at=start.isoformat())
    _audit(session, actor, at, "moved", held)
    if is_news:
        tell_moved(session, at, row)
    return row


def cancel(
    session: Session, actor: Actor, at: datetime, consultation_id: int, reason: str, seen: int
) -> Consultation:
    """Call a consultation off; the request waits for another time. Raises RuleError without a reason."""
    held = opened(session, consultation_id, seen)
    row = held.row
    must_stand(row)
    row.status, row.status_reason = "cancelled", _reason(reason)
    row.ics_sequence += 1
    row.ics_dtstamp = at.replace(microsecond=0)
    session.flush()
    note_event(
        session, actor, at, held.request, "cancelled", row.status_reason, starts_at=row.starts_at.isoformat()
    )
    advance(session, actor, at, held.request, RequestStatus.CONTACTED, row.status_reason)
    tell_off(session, at, row)
    _audit(session, actor, at, "cancelled", held)
    return row


def _reason(reason: str) -> str:
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise RuleError(
            NO_REASON if not words else f"Write the reason in at most {LONGEST_REASON} characters."
        )
    return words


def _must_have_video(held: Opened) -> None:
    if not held.site.video_url:
        raise RuleError("No video link is set for this site. Choose another way.")


def _audit(session: Session, actor: Actor, at: datetime, step: str, held: Opened) -> None:
    record(session, actor, at, f"consultation.{step}", "consultation", held.row.id, held.request.patient_id)

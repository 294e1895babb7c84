"""What whoever asked says of their consultation: I come, or I need another time.

As with visits, both are facts beside the state: they free no time. A confirmation holds for the time it was
given for. To need another time becomes the next step of the request, due today.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.change import HOLD
from scheduler.features.intake.consultations.actions.opened import CHANGED, Opened, day_of, must_stand, opened
from scheduler.features.intake.steps import note_event, set_next

LONGEST_NOTE = 300
BEGUN = "This appointment has begun. Call the clinic."


def confirm(session: Session, actor: Actor, at: datetime, consultation_id: int, seen_version: int) -> bool:
    """Write that the person comes; False, and nothing is written, where that is known already.

    `seen_version` is the schedule version that they were shown. Raises ConflictError where it was moved or is
    off, RuleError where it has begun.
    """
    held = _open(session, at, consultation_id, seen_version)
    if held.row.confirmation == "confirmed":
        return False
    _write(session, actor, at, held, "confirmed")
    set_next(session, actor, at, held.request, HOLD, held.row.local_day)
    return True


def ask_another(
    session: Session,
    actor: Actor,
    at: datetime,
    consultation_id: int,
    seen_version: int,
    wished: datetime | None,
    note: str = "",
) -> None:
    """Write that the person needs another time: `wished` (aware), or a call. Raises as `confirm` does."""
    words = " ".join(note.split())
    if len(words) > LONGEST_NOTE:
        raise RuleError(f"Write at most {LONGEST_NOTE} characters.")
    held = _open(session, at, consultation_id, seen_version)
    _write(session, actor, at, held, "change_asked", words)
    wall = wished.astimezone(ZoneInfo(held.site.tz)) if wished else None
    wish = f"they would like {wall:%a} {wall.day} {wall:%b %H:%M}" if wall else "call them"
    set_next(session, actor, at, held.request, f"Find another time: {wish}", day_of(held.site, at))


def _open(session: Session, at: datetime, consultation_id: int, seen_version: int) -> Opened:
    held = opened(session, consultation_id, None)
    must_stand(held.row)
    if held.row.schedule_version != seen_version:
        raise ConflictError(CHANGED)
    if held.row.starts_at <= at:
        raise RuleError(BEGUN)
    return held


def _write(session: Session, actor: Actor, at: datetime, held: Opened, said: str, note: str = "") -> None:
    row = held.row
    row.confirmation, row.confirmation_at = said, at
    session.flush()
    note_event(session, actor, at, held.request, said, note)
    record(session, actor, at, f"consultation.{said}", "consultation", row.id, held.request.patient_id)

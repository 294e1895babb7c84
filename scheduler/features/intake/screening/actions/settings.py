"""What the clinic asks of a screening."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.features.patients.screened import screening_rules


def save_rules(session: Session, actor: Actor, at: datetime, trials: int, days: int, seen: int) -> None:
    """Set the numbers; `seen` is the version that was looked at. Raises ConflictError."""
    row = screening_rules(session)
    if row.version != seen:
        raise ConflictError("Somebody else changed this while you looked at it. Look, and change it again.")
    row.trials_needed, row.valid_days, row.version = trials, days, seen + 1
    session.add(row)
    session.flush()
    record(session, actor, at, "screening_rules.saved", "screening_rules", 1, None, version=row.version)

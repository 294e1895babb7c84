"""Ending an alert: a person writes down what was done."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import Alert, User

LONGEST = 500


def acknowledge(
    session: Session,
    actor: Actor,
    at: datetime,
    alert_id: int,
    what_was_done: str,
    *,
    course_id: int | None = None,
) -> Alert:
    """Write down what was done about an alert, of this course where one is named.

    Raises NotFoundError, RuleError without words, ConflictError if somebody did, or if it was withdrawn.
    """
    found = session.scalar(select(Alert).where(Alert.id == alert_id).with_for_update())
    if found is None or course_id not in (None, found.course_id):
        raise NotFoundError("There is no such alert.")
    if found.acknowledged_at is not None:
        by = session.scalar(select(User.name).where(User.id == found.acknowledged_by_id)) or "somebody"
        raise ConflictError(f"{by} has acknowledged this alert already: “{found.what_was_done}”.")
    if found.withdrawn_at is not None:
        raise ConflictError(
            "This alert was withdrawn meanwhile: what it stood on was corrected. "
            "It stands among the past ones."
        )
    words = " ".join(what_was_done.split())
    if not words or len(words) > LONGEST:
        raise RuleError(f"Say what was done, in at most {LONGEST} characters.", field="what_was_done")
    found.acknowledged_at, found.acknowledged_by_id, found.what_was_done = at, actor.user_id, words
    session.flush()
    record(session, actor, at, "alert.acknowledged", "alert", found.id, found.patient_id)
    return found

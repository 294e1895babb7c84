"""Clinical alerts: raised in the transaction of whatever caused them, ended by a clinician's own words.

An alert is raised once for its cause, whatever happens again: what was acknowledged does not come back, and
what waits is not doubled. It is never deleted, and there is no way to let it be without saying what was done.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import Alert, AlertKind, User

LONGEST = 500


def raise_alert(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    kind: AlertKind,
    dedupe_key: str,
    patient_id: int,
    course_id: int,
    infusion_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Alert:
    """The alert of this cause, raised now unless it was before."""
    # Two answers may come at once: the second must find the first, not fail.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {
        "kind": kind,
        "dedupe_key": dedupe_key,
        "patient_id": patient_id,
        "course_id": course_id,
        "infusion_id": infusion_id,
        "facts": dict(facts or {}),
        "raised_at": at,
    }
    new_id = session.scalar(
        insert(Alert)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(Alert.id)
    )
    if new_id is not None:
        record(session, actor, at, "alert.raised", "alert", new_id, patient_id, kind=kind.value)
    return session.scalars(select(Alert).where(Alert.dedupe_key == dedupe_key)).one()


def acknowledge(session: Session, actor: Actor, at: datetime, alert_id: int, what_was_done: str) -> Alert:
    """Write down what was done. Raises NotFoundError, RuleError without words, ConflictError if it was."""
    found = session.scalar(select(Alert).where(Alert.id == alert_id).with_for_update())
    if found is None:
        raise NotFoundError("There is no such alert.")
    if found.acknowledged_at is not None:
        by = session.scalar(select(User.name).where(User.id == found.acknowledged_by_id)) or "somebody"
        raise ConflictError(f"{by} has acknowledged this alert already: “{found.what_was_done}”.")
    words = " ".join(what_was_done.split())
    if not words or len(words) > LONGEST:
        raise RuleError(f"Say what was done, in at most {LONGEST} characters.", field="what_was_done")
    found.acknowledged_at, found.acknowledged_by_id, found.what_was_done = at, actor.user_id, words
    session.flush()
    record(
        session, actor, at, "alert.acknowledged", "alert", found.id, found.patient_id, kind=found.kind.value
    )
    return found

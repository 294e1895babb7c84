"""Opening a chart in an emergency, giving it back, and looking at it afterwards."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.accounts.actions.access_rules import times
from scheduler.features.audit.actions import record
from scheduler.features.tasks.actions import raise_task, settle_by_key
from scheduler.models import EmergencyAccess, Patient, TaskKind

SHORTEST_REASON, LONGEST_TEXT = 10, 300


def open_chart(session: Session, actor: Actor, at: datetime, patient: Patient, reason: str) -> int:
    """Open the chart of `patient` for the clinic's time, tell the clinicians, and give the opening's id.

    Whatever else the person had open ends. Raises RuleError (with `field`) without a reason.
    """
    why = reason.strip()
    if not SHORTEST_REASON <= len(why) <= LONGEST_TEXT:
        words = f"Write in a sentence of {SHORTEST_REASON} to {LONGEST_TEXT} characters what has happened."
        raise RuleError(words, field="reason")
    close_charts(session, actor, at)
    ends_at = at + timedelta(minutes=times(session).emergency_minutes)
    opened = EmergencyAccess(
        user_id=actor.user_id, patient_id=patient.id, reason=why, opened_at=at, ends_at=ends_at
    )
    session.add(opened)
    session.flush()
    raise_task(
        session,
        at,
        kind=TaskKind.CHART_OPENED,
        dedupe_key=_key(opened.id),
        site_id=patient.site_id,
        patient_id=patient.id,
        facts={"why": f"{actor.label} opened the chart in an emergency."},
    )
    record(session, actor, at, "emergency.opened", "emergency_access", opened.id, patient.id)
    return opened.id


def close_charts(session: Session, actor: Actor, at: datetime) -> None:
    """Give back what the person has open."""
    rows = session.scalars(
        select(EmergencyAccess)
        .where(
            EmergencyAccess.user_id == actor.user_id,
            EmergencyAccess.ended_at.is_(None),
            EmergencyAccess.ends_at > at,
        )
        .order_by(EmergencyAccess.id)
    )
    for row in rows:
        row.ended_at = at
        record(session, actor, at, "emergency.ended", "emergency_access", row.id, row.patient_id)


def note_look(session: Session, actor: Actor, at: datetime, access_id: int, patient_id: int) -> None:
    """Add a look at the chart to the trail, with the opening that it belongs to."""
    record(session, actor, at, "emergency.read", "patient", patient_id, patient_id, access=access_id)


def write_seen(session: Session, actor: Actor, at: datetime, access_id: int, note: str) -> None:
    """Write what a clinician makes of an opening; its task is settled by that.

    Raises NotFoundError, RuleError without words, ConflictError where somebody has written before.
    """
    row = session.get(EmergencyAccess, access_id, with_for_update=True)
    if row is None:
        raise NotFoundError("There is no such opening of a chart. Look for it in the list.")
    words = note.strip()
    if not words or len(words) > LONGEST_TEXT:
        raise RuleError(f"Write in a few words (at most {LONGEST_TEXT} characters) what you found.")
    if row.seen_at is not None:
        raise ConflictError(
            "Another clinician has written about this opening already. It stands in the list."
        )
    row.seen_at, row.seen_by_id, row.seen_note = at, actor.user_id, words
    record(session, actor, at, "emergency.seen", "emergency_access", row.id, row.patient_id)
    settle_by_key(session, actor, at, _key(row.id), "A clinician looked at it.")


def _key(access_id: int) -> str:
    return f"emergency:{access_id}"

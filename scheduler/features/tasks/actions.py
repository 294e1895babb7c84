"""Raising and settling tasks, in the transaction of whatever caused or ended them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import StaffTask, TaskKind, User

LONGEST_OUTCOME = 200
SETTLED_ELSEWHERE = {TaskKind.CHART_OPENED: "A clinician writes under Emergency access what they found."}
"""Kinds that nobody can settle with a word, and what settles them."""
LONGEST_DELAY = timedelta(days=60)


def raise_task(
    session: Session,
    at: datetime,
    *,
    kind: TaskKind | str,
    dedupe_key: str,
    site_id: int,
    patient_id: int | None = None,
    course_id: int | None = None,
    infusion_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
    due_on: date | None = None,
) -> StaffTask:
    """The task of this key, raised now unless it waits already.

    One that was settled waits again with the new facts: its cause has come back.
    """
    found = session.scalar(select(StaffTask).where(StaffTask.dedupe_key == dedupe_key))
    if found is not None and found.done_at is None:
        return found
    if found is None:
        found = StaffTask(dedupe_key=dedupe_key, site_id=site_id)
        session.add(found)
    found.kind = TaskKind(kind)
    found.site_id, found.patient_id = site_id, patient_id
    found.course_id, found.infusion_id = course_id, infusion_id
    found.facts, found.due_on, found.raised_at = dict(facts or {}), due_on, at
    found.done_at = found.done_by_id = found.outcome = found.later_until = None
    session.flush()
    return found


def settle_task(session: Session, actor: Actor, at: datetime, task_id: int, outcome: str) -> StaffTask:
    """Write that the task is done and how it ended.

    Raises NotFoundError, RuleError without an outcome, and ConflictError where somebody settled it before.
    """
    found = _waiting(session, task_id)
    words = outcome.strip()
    if found.kind in SETTLED_ELSEWHERE:
        raise RuleError(SETTLED_ELSEWHERE[found.kind])
    if not words or len(words) > LONGEST_OUTCOME:
        raise RuleError(f"Say in a few words (at most {LONGEST_OUTCOME} characters) how it was settled.")
    _settle(session, actor, at, found, words)
    return found


def put_off(
    session: Session, actor: Actor, at: datetime, task_id: int, until: date, today: date
) -> StaffTask:
    """Leave the task until a day; it waits again from the morning of that day on.

    Raises NotFoundError, ConflictError where it is settled, RuleError for a day that is not ahead.
    """
    found = _waiting(session, task_id)
    if not today < until <= today + LONGEST_DELAY:
        raise RuleError(f"Choose a day after today, at most {LONGEST_DELAY.days} days ahead.")
    found.later_until = until
    record(session, actor, at, "task.put_off", "task", found.id, found.patient_id, until=until.isoformat())
    session.flush()
    return found


def _waiting(session: Session, task_id: int) -> StaffTask:
    found = session.scalar(select(StaffTask).where(StaffTask.id == task_id).with_for_update())
    if found is None:
        raise NotFoundError("There is no such task. It may belong to a record that was removed.")
    if found.done_at is not None:
        by = session.scalar(select(User.name).where(User.id == found.done_by_id)) or "the system"
        raise ConflictError(f"This task was settled by {by} already: “{found.outcome}”.")
    return found


def settle_by_key(session: Session, actor: Actor, at: datetime, prefix: str, outcome: str) -> int:
    """Settle the waiting tasks whose key is `prefix` or begins with it and a colon; how many there were."""
    rows = session.scalars(
        select(StaffTask)
        .where(
            StaffTask.done_at.is_(None),
            (StaffTask.dedupe_key == prefix) | StaffTask.dedupe_key.startswith(f"{prefix}:", autoescape=True),
        )
        .order_by(StaffTask.id)
        .with_for_update()
    ).all()
    for row in rows:
        _settle(session, actor, at, row, outcome)
    return len(rows)


def wait_again(session: Session, dedupe_key: str) -> bool:
    """Let the settled task of this key wait as it did, because what settled it was taken back.

    False where there is none, or where it waits.
    """
    found = session.scalar(select(StaffTask).where(StaffTask.dedupe_key == dedupe_key).with_for_update())
    if found is None or found.done_at is None:
        return False
    found.done_at = found.done_by_id = found.outcome = None
    session.flush()
    return True


def _settle(session: Session, actor: Actor, at: datetime, task: StaffTask, outcome: str) -> None:
    task.done_at, task.done_by_id, task.outcome = at, actor.user_id, outcome
    record(session, actor, at, "task.settled", "task", task.id, task.patient_id, kind=str(task.kind))
    session.flush()

"""Ask for a run that deletes what is past its time, and stop one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.long_work import under_way
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.records.queries.due import old_messages, people_due
from scheduler.features.records.queries.rules import as_kept, rules
from scheduler.features.records.queries.strangers import count_strangers
from scheduler.models import RetentionRun

CHANGED = "Something else is due now than this page showed. Nothing was deleted. Look again."
UNDER_WAY = "A deletion is under way already. Wait until it is done."


def ask_run(session: Session, actor: Actor, at: datetime, seen: str) -> RetentionRun:
    """Ask the worker to delete what is due; `seen` is the `stamp` of what was shown.

    Raises ConflictError where that is not what is due now or a run is under way, RuleError where nothing is.
    """
    if under_way(session, RetentionRun):
        raise ConflictError(UNDER_WAY)
    found = rules(session)
    people = sum(1 for _ in people_due(session, found, at)) + count_strangers(session, found, at)
    posts = old_messages(session, found, at).count
    if stamp(people, posts) != seen:
        raise ConflictError(CHANGED)
    if not people and not posts:
        raise RuleError("Nothing is past its time, so there is nothing to delete.")
    run = RetentionRun(asked_at=at, asked_by_id=actor.user_id, rules=as_kept(found), total=people + posts)
    session.add(run)
    session.flush()
    record(session, actor, at, "retention.asked", "retention_run", run.id, people=people, messages=posts)
    return run


def stop_run(session: Session, actor: Actor, at: datetime, run_id: int) -> bool:
    """End a run before its time; what went stays gone. False where it is over already, or never was."""
    run = session.scalar(
        select(RetentionRun)
        .where(RetentionRun.id == run_id, RetentionRun.finished_at.is_(None))
        .with_for_update()
    )
    if run is None:
        return False
    run.finished_at, run.error, run.fence = at, f"Stopped by {actor.label}.", run.fence + 1
    record(session, actor, at, "retention.stopped", "retention_run", run.id, people=run.people, rows=run.rows)
    return True


def stamp(people: int, posts: int) -> str:
    """What a page shows of what is due, as a text that its form sends back."""
    return f"{people}.{posts}"

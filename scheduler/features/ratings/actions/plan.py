"""Changing which ratings a protocol asks for: a new version of it, so that running courses keep theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.features.capacity.actions.protocols import facts_of, protocol_of, version_row
from scheduler.features.ratings.plan import Plan, plan_of, stored


def change_plan(
    session: Session, actor: Actor, at: datetime, protocol_id: int, plan: Plan, seen: int
) -> bool:
    """Save over the revision that the person saw; whether anything changed.

    Raises NotFoundError, and ConflictError where somebody saved the protocol meanwhile.
    """
    row = protocol_of(session, protocol_id)
    if row.revision != seen:
        raise ConflictError("Somebody saved this protocol while you looked. Nothing was saved. Look again.")
    newest = row.versions[0]
    if plan == plan_of(newest.rating_plan):
        return False
    version = version_row(facts_of(row), row, newest.version + 1, actor, at)
    version.rating_plan = stored(plan)
    row.revision += 1
    session.add(version)
    session.flush()
    session.expire(row, ["versions"])
    record(
        session, actor, at, "protocol.changed", "protocol", row.id, fields=["ratings"], version=row.revision
    )
    return True

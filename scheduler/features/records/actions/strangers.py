"""Delete what is kept of somebody who asked for a consultation and never became a patient."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.records.actions.guards import guards_open
from scheduler.features.records.actions.remove import delete_part, digests_of
from scheduler.features.records.graph import REQUESTS, parts_of
from scheduler.features.records.kinds import ALL


def remove_stranger(session: Session, actor: Actor, at: datetime, request_id: int) -> int:
    """Delete one request with all that hangs on it: its steps, consultations, screening; how many rows."""
    parts = parts_of(session, [request_id], REQUESTS)
    digests = digests_of(session, parts, ALL)
    with guards_open(session):
        rows = sum(delete_part(session, part, ALL) for part in reversed(parts))
    session.expire_all()
    record(
        session,
        actor,
        at,
        "record.removed",
        "request",
        request_id,
        rows=rows,
        cause="retention",
        digests=digests,
    )
    return rows

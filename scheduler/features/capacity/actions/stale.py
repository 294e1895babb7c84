"""Two people changed one thing: the second is told by whom and what, before anything of theirs is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import ConflictError, NotFoundError
from scheduler.models import AuditEvent


@dataclass(frozen=True)
class Stale:
    """Who saved last and when, the version since, and the fields that both saved differently."""

    by: str
    at: datetime
    version: int
    fields: frozenset[str]


def refuse_stale(
    session: Session,
    entity: str,
    entity_id: int,
    versions: tuple[int, int],
    old: Mapping[str, object],
    new: Mapping[str, object],
) -> None:
    """Let changes of different fields stand together; `versions` are the one seen and the one now.

    What others changed since is in the audit trail, whose events of `entity` carry `version` and `fields`.
    Raises ConflictError with `stale` in its extra where both changed the same field to different values.
    """
    seen, now = versions
    if seen == now:
        return
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.entity == entity, AuditEvent.entity_id == entity_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    later = [event for event in events if event.detail.get("version", 0) > seen]
    if not later:
        raise NotFoundError("Open the page again: what you changed is of an unknown version.")
    theirs = {name for event in later for name in event.detail.get("fields", ())}
    both = frozenset(name for name in theirs if name in old and old[name] != new[name])
    if both:
        by, at = later[0].actor, later[0].at
        raise ConflictError(
            f"{by} changed this while you were typing. Nothing was saved.", stale=Stale(by, at, now, both)
        )

"""The plan of a protocol as its page shows it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.plan import Plan, plan_of
from scheduler.models import Protocol


@dataclass(frozen=True)
class PlanPage:
    """A protocol's newest plan, and the revision of the protocol that was looked at."""

    protocol_id: int
    name: str
    version: int
    revision: int
    plan: Plan


def plan_page(session: Session, protocol_id: int) -> PlanPage:
    """The page of one protocol. Raises NotFoundError."""
    row = session.get(Protocol, protocol_id)
    if row is None or not row.versions:
        raise NotFoundError("There is no such protocol. Choose one from the list.")
    newest = row.versions[0]
    return PlanPage(row.id, row.name, newest.version, row.revision, plan_of(newest.rating_plan))

"""Who works on an import: one worker at a time, and another one when that is gone.

Each batch is one transaction that first asks whether the import is still its worker's. So a batch is written
whole or not at all, and a worker that was frozen, or an import that a person stopped, writes nothing more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from scheduler.models import ImportState, PatientImport

LEASE = timedelta(seconds=60)
WORKING = (ImportState.CHECKING, ImportState.ADDING, ImportState.TAKING_BACK)


@dataclass(frozen=True)
class Claim:
    """An import that is ours while its fence stands."""

    import_id: int
    fence: int
    state: ImportState


def claim_next(session: Session, at: datetime, worker: str) -> Claim | None:
    """Take the oldest import that waits for a worker, or whose worker is gone."""
    waiting = (
        select(PatientImport.id)
        .where(
            PatientImport.state.in_(WORKING),
            or_(PatientImport.lease_until.is_(None), PatientImport.lease_until <= at),
        )
        .order_by(PatientImport.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = session.execute(
        update(PatientImport)
        .where(PatientImport.id == waiting.scalar_subquery())
        .values(lease_by=worker, lease_until=at + LEASE, fence=PatientImport.fence + 1)
        .returning(PatientImport.id, PatientImport.fence, PatientImport.state)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claim(taken.id, taken.fence, taken.state) if taken else None


def held(session: Session, at: datetime, claim: Claim) -> PatientImport | None:
    """The import, its row locked and its lease renewed; None where it is no longer this worker's."""
    found = session.scalar(
        select(PatientImport)
        .where(PatientImport.id == claim.import_id, PatientImport.fence == claim.fence)
        .with_for_update()
    )
    if found is None or found.state is not claim.state:
        return None
    found.lease_until, found.moved_at, found.trouble = at + LEASE, at, None
    return found


def let_go(session: Session, claim: Claim, trouble: str | None, until: datetime | None) -> None:
    """Give the import up for another worker, from `until` on; `trouble` tells people why it stands still."""
    session.execute(
        update(PatientImport)
        .where(PatientImport.id == claim.import_id, PatientImport.fence == claim.fence)
        .values(lease_by=None, lease_until=until, trouble=trouble)
        .execution_options(synchronize_session=False)
    )

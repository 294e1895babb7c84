"""What a worker does with an export: take it, say how far it is, finish it, let its file go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.db.locks import lock_words
from scheduler.features.interchange.folder import KEEP
from scheduler.models import ClinicExport

STILL = timedelta(minutes=5)
"""A worker that gave no sign of life for so long is gone, and another one begins anew."""


@dataclass(frozen=True)
class Claim:
    """An export that is ours while its fence stands."""

    export_id: int
    fence: int


def take(session: Session, at: datetime) -> Claim | None:
    """The export that waits, or whose worker is gone; None where there is nothing to do."""
    lock_words(session, "clinic export")
    run = session.scalar(
        select(ClinicExport)
        .where(ClinicExport.finished_at.is_(None))
        .where(or_(ClinicExport.moved_at.is_(None), ClinicExport.moved_at <= at - STILL))
        .order_by(ClinicExport.id)
        .limit(1)
    )
    if run is None:
        return None
    run.fence, run.moved_at, run.position = run.fence + 1, at, 0
    return Claim(run.id, run.fence)


def note_progress(session: Session, at: datetime, claim: Claim, position: int, total: int) -> bool:
    """Write down how far it is; False where another worker has it now."""
    run = _held(session, claim)
    if run is None:
        return False
    run.moved_at, run.position, run.total = at, position, total
    return True


def let_go(session: Session, claim: Claim) -> None:
    """Give it up, for the next worker to begin anew."""
    run = _held(session, claim)
    if run is not None:
        run.moved_at = None


def finish(session: Session, at: datetime, claim: Claim, file: str, size: int) -> bool:
    """The file lies there from now on; False where another worker has the export now."""
    run = _held(session, claim)
    if run is None:
        return False
    run.finished_at, run.expires_at, run.file, run.size = at, at + KEEP, file, size
    return True


def fail(session: Session, at: datetime, claim: Claim, sentence: str) -> None:
    """It came to nothing, for this reason."""
    run = _held(session, claim)
    if run is not None:
        run.finished_at, run.error = at, sentence


def expire(session: Session, at: datetime) -> list[str]:
    """Let go of files whose time is over; their names."""
    over = session.scalars(
        select(ClinicExport)
        .where(ClinicExport.file.is_not(None), ClinicExport.expires_at <= at)
        .order_by(ClinicExport.id)
    ).all()
    names = [run.file for run in over if run.file]
    for run in over:
        run.file = None
    return names


def _held(session: Session, claim: Claim) -> ClinicExport | None:
    return session.scalar(
        select(ClinicExport)
        .where(
            ClinicExport.id == claim.export_id,
            ClinicExport.fence == claim.fence,
            ClinicExport.finished_at.is_(None),
        )
        .with_for_update()
    )

"""What a worker does with an export: take it, say how far it is, finish it, let its file go."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db.long_work import Hold, held, take_next
from scheduler.features.interchange.folder import KEEP
from scheduler.models import ClinicExport

Claim = Hold[ClinicExport]


def take(session: Session, at: datetime) -> Claim | None:
    """The export that waits, or whose worker is gone, to be made anew; None where there is nothing to do."""
    run = take_next(session, at, ClinicExport)
    if run is None:
        return None
    run.position = 0
    return Hold(ClinicExport, run.id, run.fence)


def note_progress(session: Session, at: datetime, claim: Claim, position: int, total: int) -> bool:
    """Write down how far it is; False where another worker has it now."""
    run = held(session, claim)
    if run is None:
        return False
    run.moved_at, run.position, run.total = at, position, total
    return True


def finish(session: Session, at: datetime, claim: Claim, file: str, size: int) -> bool:
    """The file lies there from now on; False where another worker has the export now."""
    run = held(session, claim)
    if run is None:
        return False
    run.finished_at, run.expires_at, run.file, run.size = at, at + KEEP, file, size
    return True


def fail(session: Session, at: datetime, claim: Claim, sentence: str) -> None:
    """It came to nothing, for this reason."""
    run = held(session, claim)
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

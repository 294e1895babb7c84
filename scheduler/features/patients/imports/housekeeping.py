"""What is kept of a file when it is long done: how many rows, and which patients, no cells."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from scheduler.models import ImportState, PatientImport, PatientImportRow

KEEP = timedelta(days=30)
ENDED = (ImportState.DONE, ImportState.STOPPED, ImportState.TAKEN_BACK)
BEFORE = (ImportState.MATCHING, ImportState.CHECKED)


def forget_old_files(session: Session, at: datetime) -> None:
    """A month after the last step: files that were never brought in go, of the others the rows left out."""
    old = PatientImport.moved_at < at - KEEP
    ended = select(PatientImport.id).where(PatientImport.state.in_(ENDED), old)
    session.execute(
        update(PatientImportRow)
        .where(PatientImportRow.import_id.in_(ended), PatientImportRow.cells != [])
        .values(cells=[])
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(PatientImport)
        .where(PatientImport.state.in_(BEFORE), old)
        .execution_options(synchronize_session=False)
    )

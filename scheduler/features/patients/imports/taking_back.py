"""Take back what a file brought in, as long as nobody has touched it since.

A patient who was changed, booked or written to stays: somebody relies on them now.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from scheduler.features.audit.actions import record
from scheduler.features.patients.imports.adding import acting
from scheduler.features.patients.imports.lease import Claim, held
from scheduler.models import (
    ImportState,
    Patient,
    PatientImportRow,
    PatientSearchKey,
    RowOutcome,
    metadata,
)

BATCH = 200
OWN = {"patient_search_keys", "patient_import_rows"}
"""Rows that speak of a patient because of the import itself."""


def take_back_batch(session: Session, at: datetime, claim: Claim) -> bool:
    """Take the next patients back, the last ones first. False where there is nothing more to do."""
    found = held(session, at, claim)
    if found is None:
        return False
    ids = _next_patients(session, found.id, found.position)
    if not ids:
        found.state, found.lease_by, found.lease_until = ImportState.TAKEN_BACK, None, None
        return False
    untouched = sorted(set(ids.values()) - _touched(session, ids.values()))
    session.execute(
        update(PatientImportRow)
        .where(PatientImportRow.import_id == found.id, PatientImportRow.patient_id.in_(untouched))
        .where(PatientImportRow.outcome == RowOutcome.ADDED)
        .values(outcome=RowOutcome.TAKEN_BACK, patient_id=None)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(PatientSearchKey).where(PatientSearchKey.patient_id.in_(untouched)))
    session.execute(
        delete(Patient).where(Patient.id.in_(untouched)).execution_options(synchronize_session=False)
    )
    found.position = max(ids)
    record(
        session, acting(session, found), at, "patients.taken_back", "patient_import", found.id,
        patients=untouched, kept=len(ids) - len(untouched),
    )  # fmt: skip
    return True


def _next_patients(session: Session, import_id: int, after: int) -> dict[int, int]:
    """Row number to patient, their rows locked so that nobody books them meanwhile."""
    rows = session.execute(
        select(PatientImportRow.number, Patient.id)
        .join(Patient, Patient.id == PatientImportRow.patient_id)
        .where(
            PatientImportRow.import_id == import_id,
            PatientImportRow.outcome == RowOutcome.ADDED,
            PatientImportRow.number > after,
        )
        .order_by(PatientImportRow.number)
        .limit(BATCH)
        .with_for_update(of=Patient)
    )
    return {row.number: row.id for row in rows}


def _touched(session: Session, ids: Iterable[int]) -> set[int]:
    """Who was changed or archived, or has a row in any other table."""
    wanted = list(ids)
    found = set(session.scalars(select(Patient.id).where(Patient.id.in_(wanted), Patient.version > 1)))
    for table in metadata.sorted_tables:
        if table.name not in OWN:
            found |= _named_in(session, table, wanted)
    return found


def _named_in(session: Session, table: Table, ids: list[int]) -> set[int]:
    found: set[int] = set()
    for key in table.foreign_keys:
        if key.column.table.name == "patients":
            found.update(session.scalars(select(key.parent).where(key.parent.in_(ids))))
    return found

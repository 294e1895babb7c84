"""Reading imports: the history, one of them with its counts, and its rows that need somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.patients.imports.steps import GONE
from scheduler.models import ImportState, Patient, PatientImport, PatientImportRow, RowOutcome, Site, User

LEFT_OUT = (RowOutcome.WRONG, RowOutcome.LIKELY, RowOutcome.ALREADY)
PAGE = 50
MOST_LINES = 100


@dataclass(frozen=True)
class ImportLine:
    """One import in the history; `tz` is its site's."""

    import_id: int
    file_name: str
    state: ImportState
    by: str
    at: datetime
    tz: str
    total: int
    added: int


@dataclass(frozen=True)
class OddRow:
    """A row that is not simply added: what is wrong with it, or the patient it looks like."""

    number: int
    line: int
    cells: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    patient_id: int | None
    patient: str


def one_import(session: Session, import_id: int) -> PatientImport:
    """The import. Raises NotFoundError."""
    found = session.get(PatientImport, import_id)
    if found is None:
        raise NotFoundError(GONE)
    return found


def history(session: Session) -> list[ImportLine]:
    """The last imports, newest first."""
    added = (
        select(func.count())
        .where(PatientImportRow.import_id == PatientImport.id, PatientImportRow.outcome == RowOutcome.ADDED)
        .correlate(PatientImport)
        .scalar_subquery()
    )
    rows = session.execute(
        select(PatientImport, User.name, Site.tz, added)
        .join(Site, Site.id == PatientImport.site_id)
        .outerjoin(User, User.id == PatientImport.created_by_id)
        .order_by(PatientImport.id.desc())
        .limit(MOST_LINES)
    )
    return [
        ImportLine(one.id, one.file_name, one.state, by or "somebody", one.created_at, tz, one.total, count)
        for one, by, tz, count in rows
    ]


def counts(session: Session, import_id: int) -> dict[RowOutcome, int]:
    """How many rows have each outcome."""
    rows = session.execute(
        select(PatientImportRow.outcome, func.count())
        .where(PatientImportRow.import_id == import_id)
        .group_by(PatientImportRow.outcome)
    )
    found: Mapping[RowOutcome, int] = {row[0]: row[1] for row in rows}
    return {outcome: found.get(outcome, 0) for outcome in RowOutcome}


def odd_rows(session: Session, import_id: int, outcome: RowOutcome, after: int) -> tuple[list[OddRow], bool]:
    """Some rows of an outcome beyond the number `after`, and whether there are more."""
    rows = session.execute(_odd(import_id, (outcome,), after).limit(PAGE + 1)).all()
    return [_odd_row(row, patient) for row, patient in rows[:PAGE]], len(rows) > PAGE


def left_out(session: Session, import_id: int, after: int, size: int) -> Sequence[PatientImportRow]:
    """Rows that can be mended and brought again, in the order of the file."""
    return session.scalars(
        select(PatientImportRow)
        .where(
            PatientImportRow.import_id == import_id,
            PatientImportRow.outcome.in_((RowOutcome.WRONG, RowOutcome.LIKELY)),
            PatientImportRow.number > after,
        )
        .order_by(PatientImportRow.number)
        .limit(size)
    ).all()


def same_file(session: Session, found: PatientImport) -> PatientImport | None:
    """The last import before this one that brought something of the very same file."""
    return session.scalar(
        select(PatientImport)
        .where(
            PatientImport.sha256 == found.sha256,
            PatientImport.id != found.id,
            PatientImport.state.in_((ImportState.DONE, ImportState.ADDING, ImportState.STOPPED)),
        )
        .order_by(PatientImport.id.desc())
        .limit(1)
    )


def _odd(import_id: int, outcomes: Sequence[RowOutcome], after: int) -> Select[PatientImportRow, Patient]:
    return (
        select(PatientImportRow, Patient)
        .outerjoin(Patient, Patient.id == PatientImportRow.patient_id)
        .where(
            PatientImportRow.import_id == import_id,
            PatientImportRow.outcome.in_(outcomes),
            PatientImportRow.number > after,
        )
        .order_by(PatientImportRow.number)
    )


def _odd_row(row: PatientImportRow, patient: Patient | None) -> OddRow:
    return OddRow(
        row.number,
        row.line,
        tuple(row.cells),
        tuple((problem[0], problem[1]) for problem in row.problems),
        patient.id if patient else None,
        f"{patient.name}, {patient.record_number}" if patient else "",
    )

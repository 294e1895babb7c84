"""Look at every row of a file before anything is brought in, a batch at a time."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.features.patients.imports.encodings import decode
from scheduler.features.patients.imports.lease import Claim, held
from scheduler.features.patients.imports.pieces import read_pieces
from scheduler.features.patients.imports.plans import plan_of
from scheduler.features.patients.imports.reading import Judged, judge
from scheduler.features.patients.imports.records import records
from scheduler.features.patients.imports.sorting import Verdict, sort_rows
from scheduler.models import ImportState, PatientImport, PatientImportRow

BATCH = 500


def rows_to_check(session: Session, at: datetime, import_id: int) -> Iterator[tuple[int, Judged]]:
    """The rows that are not checked yet, numbered, read as they are asked for. All reading is done here."""
    found = session.get_one(PatientImport, import_id)
    plan, raw = plan_of(session, at, found), read_pieces(session, import_id)
    rows = records(decode(raw, found.encoding).text, found.separator)
    left = itertools.islice(enumerate(rows, 1), found.position, None)
    return ((number, judge(plan, record)) for number, record in left)


def check_batch(session: Session, at: datetime, claim: Claim, rows: Sequence[tuple[int, Judged]]) -> bool:
    """Keep what these rows are; none means that all are checked. False where there is nothing more to do."""
    found = held(session, at, claim)
    if found is None:
        return False
    if not rows:
        found.state, found.lease_by, found.lease_until = ImportState.CHECKED, None, None
        return False
    judged = dict(rows)
    verdicts = sort_rows(session, found.id, judged)
    session.execute(
        insert(PatientImportRow),
        [_row(found.id, number, judged[number], verdicts[number]) for number in judged],
    )
    found.position += len(judged)
    return True


def _row(import_id: int, number: int, row: Judged, verdict: Verdict) -> dict[str, object]:
    return {
        "import_id": import_id,
        "number": number,
        "line": row.line,
        "outcome": verdict.outcome,
        "digest": row.digest,
        "person": row.person,
        "record_number": row.data.record_number if row.data else None,
        "cells": list(row.cells),
        "problems": [list(problem) for problem in verdict.problems],
        "patient_id": verdict.patient_id,
    }

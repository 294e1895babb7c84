"""Bring the checked rows in, a batch at a time: patients, their keys, the rows' outcomes, one audit event.

Each batch is sorted again inside its transaction, under a lock that all imports share: what was added since
the check, by hand or by another file, is seen, and two files with one patient never bring them in twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_words
from scheduler.features.audit.actions import record
from scheduler.features.patients.actions.numbers import next_record_numbers
from scheduler.features.patients.imports.lease import Claim, held
from scheduler.features.patients.imports.plans import plan_of
from scheduler.features.patients.imports.reading import Judged, judge
from scheduler.features.patients.imports.records import Record
from scheduler.features.patients.imports.sorting import sort_rows
from scheduler.features.patients.search_keys import keys_of
from scheduler.models import (
    ImportState,
    Patient,
    PatientImport,
    PatientImportRow,
    PatientSearchKey,
    RowOutcome,
)
from scheduler.models import User as Staff

BATCH = 200
FACTS = (
    "given_name", "family_name", "birth_date", "site_id", "phone", "email", "language", "time_zone",
    "guardian_name",
)  # fmt: skip


def add_batch(session: Session, at: datetime, claim: Claim) -> bool:
    """Bring the next rows in. False where there is nothing more to do."""
    lock_words(session, "patient import")
    found = held(session, at, claim)
    if found is None:
        return False
    rows = _next_rows(session, found.id)
    if not rows:
        found.state, found.lease_by, found.lease_until = ImportState.DONE, None, None
        return False
    plan = plan_of(session, at, found)
    judged = {row.number: judge(plan, Record(row.line, tuple(row.cells))) for row in rows}
    approved = frozenset(row.number for row in rows if row.is_approved)
    verdicts = sort_rows(session, found.id, judged, approved)
    new = [row for row in rows if verdicts[row.number].outcome is RowOutcome.READY]
    for row in rows:
        verdict = verdicts[row.number]
        row.outcome, row.patient_id = verdict.outcome, verdict.patient_id
        row.problems = [list(problem) for problem in verdict.problems]
    _add(session, at, new, judged)
    found.position += len(rows)
    record(
        session, acting(session, found), at, "patients.imported", "patient_import", found.id,
        patients=[row.patient_id for row in new], left_out=len(rows) - len(new),
    )  # fmt: skip
    return True


def acting(session: Session, found: PatientImport) -> Actor:
    """The person who asked for it, for whom the worker does it."""
    user = session.get(Staff, found.asked_by_id) if found.asked_by_id else None
    return Actor(user.id, user.name, "worker") if user else Actor(None, "worker")


def _next_rows(session: Session, import_id: int) -> Sequence[PatientImportRow]:
    return session.scalars(
        select(PatientImportRow)
        .where(PatientImportRow.import_id == import_id, PatientImportRow.outcome == RowOutcome.READY)
        .order_by(PatientImportRow.number)
        .limit(BATCH)
    ).all()


def _add(
    session: Session, at: datetime, rows: Sequence[PatientImportRow], judged: Mapping[int, Judged]
) -> None:
    people = [judged[row.number].data for row in rows]
    by_site: dict[int, list[Patient]] = {}
    patients = []
    for data in people:
        if data is None:
            raise AssertionError("a row that is ready has data")
        values = {name: getattr(data, name) for name in FACTS}
        patient = Patient(record_number=data.record_number or "", created_at=at, **values)
        if not data.record_number:
            by_site.setdefault(data.site_id, []).append(patient)
        patients.append(patient)
    for site_id, nameless in sorted(by_site.items()):
        numbers = next_record_numbers(session, site_id, len(nameless))
        for patient, number in zip(nameless, numbers, strict=True):
            patient.record_number = number
    session.add_all(patients)
    session.flush()
    _write_keys(session, patients)
    for row, patient in zip(rows, patients, strict=True):
        row.outcome, row.patient_id, row.cells = RowOutcome.ADDED, patient.id, []


def _write_keys(session: Session, patients: Sequence[Patient]) -> None:
    keys = [
        {"patient_id": one.id, "key": key}
        for one in patients
        for key in sorted(
            keys_of(
                given_name=one.given_name,
                family_name=one.family_name,
                birth_date=one.birth_date,
                phone=one.phone,
                email=one.email,
                record_number=one.record_number,
            )
        )
    ]
    if keys:
        session.execute(insert(PatientSearchKey), keys)

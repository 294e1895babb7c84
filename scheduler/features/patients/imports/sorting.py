"""What becomes of each row of a batch: new, here already, perhaps here already, or wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.patients.imports.chunks import chunks
from scheduler.features.patients.imports.reading import Judged, Problem
from scheduler.features.patients.imports.twins import holders_of_numbers, is_alike, twins_of
from scheduler.models import PatientImportRow, RowOutcome

Row = PatientImportRow
COUNTS_EARLIER = (RowOutcome.READY, RowOutcome.LIKELY, RowOutcome.ADDED)


@dataclass(frozen=True)
class Verdict:
    """The outcome of a row, with the patient it looks like, if any."""

    outcome: RowOutcome
    patient_id: int | None = None
    problems: tuple[Problem, ...] = ()


def sort_rows(
    session: Session, import_id: int, rows: Mapping[int, Judged], approved: frozenset[int] = frozenset()
) -> dict[int, Verdict]:
    """A verdict for each row by its number; `approved` are rows that a person says are somebody else."""
    verdicts = {
        n: Verdict(RowOutcome.WRONG, problems=row.problems) for n, row in rows.items() if row.data is None
    }
    for step in (_brought_before, _number_taken, _looks_like):
        verdicts |= step(
            session, import_id, {n: row for n, row in rows.items() if n not in verdicts}, approved
        )
    return {number: verdicts.get(number, Verdict(RowOutcome.READY)) for number in rows}


def _brought_before(
    session: Session, import_id: int, rows: Mapping[int, Judged], _approved: frozenset[int]
) -> dict[int, Verdict]:
    """Rows that some file brought in already, letter by letter, or that stand further up in this one."""
    digests = sorted({row.digest for row in rows.values()})
    brought: dict[str, int] = {}
    earlier: dict[str, tuple[int, int]] = {}
    for part in chunks(digests):
        for same in session.scalars(select(Row).where(Row.digest.in_(part)).order_by(Row.number)):
            if same.outcome is RowOutcome.ADDED and same.patient_id is not None:
                brought[same.digest] = same.patient_id
            if same.import_id == import_id and same.outcome in COUNTS_EARLIER:
                earlier.setdefault(same.digest, (same.number, same.line))
    verdicts = {}
    for number, row in sorted(rows.items()):
        first = earlier.setdefault(row.digest, (number, row.line))
        if row.digest in brought:
            verdicts[number] = Verdict(RowOutcome.ALREADY, brought[row.digest])
        elif first[0] < number:
            words = f"The same row stands in line {first[1]}."
            verdicts[number] = Verdict(RowOutcome.ALREADY, problems=(("", words),))
    return verdicts


def _number_taken(
    session: Session, import_id: int, rows: Mapping[int, Judged], _approved: frozenset[int]
) -> dict[int, Verdict]:
    """Rows whose record number somebody has: the same person, or a mistake."""
    numbered = {n: row.data.record_number for n, row in rows.items() if row.data and row.data.record_number}
    holders = holders_of_numbers(session, sorted(set(numbered.values())))
    earlier = _earlier(session, import_id, Row.record_number, numbered)
    verdicts = {}
    for number, record in sorted(numbered.items()):
        data, holder = rows[number].data, holders.get(record)
        first = earlier.setdefault(record, (number, rows[number].line))
        if holder is not None and data is not None and is_alike(data, holder):
            verdicts[number] = Verdict(RowOutcome.ALREADY, holder.id)
        elif holder is not None:
            words = f"Another patient has the record number {record}."
            verdicts[number] = Verdict(RowOutcome.WRONG, holder.id, (("Record number", words),))
        elif first[0] < number:
            words = f"The row in line {first[1]} has the same record number, {record}."
            verdicts[number] = Verdict(RowOutcome.WRONG, problems=(("Record number", words),))
    return verdicts


def _looks_like(
    session: Session, import_id: int, rows: Mapping[int, Judged], approved: frozenset[int]
) -> dict[int, Verdict]:
    """Rows that may be somebody who is here, or who stands further up in the file."""
    asked = {n: row.data for n, row in rows.items() if row.data is not None and n not in approved}
    twins = twins_of(session, asked, import_id)
    people = {n: rows[n].person or "" for n in asked}
    earlier = _earlier(session, import_id, Row.person, people)
    verdicts = {}
    for number, person in sorted(people.items()):
        first = earlier.setdefault(person, (number, rows[number].line))
        if number in twins:
            verdicts[number] = Verdict(RowOutcome.LIKELY, twins[number])
        elif first[0] < number:
            words = f"The row in line {first[1]} has the same name and birth date."
            verdicts[number] = Verdict(RowOutcome.LIKELY, problems=(("", words),))
    return verdicts


def _earlier(
    session: Session, import_id: int, column: Any, values: Mapping[int, str]
) -> dict[str, tuple[int, int]]:
    """The first row of the file that holds each value: its number and line."""
    found: dict[str, tuple[int, int]] = {}
    for part in chunks(sorted(set(values.values()))):
        rows = session.execute(
            select(column, Row.number, Row.line)
            .where(Row.import_id == import_id, column.in_(part), Row.outcome.in_(COUNTS_EARLIER))
            .order_by(Row.number)
        )
        for value, number, line in rows:
            found.setdefault(value, (number, line))
    return found

"""Finding patients as somebody types."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, literal, or_, select
from sqlalchemy.orm import Session, aliased

from scheduler.features.patients.search_terms import Terms, terms
from scheduler.models import Patient, PatientSearchKey

Key = PatientSearchKey
SortKey = aliased(PatientSearchKey, name="sorted_by")
LAST = "\U0010ffff"
EXACT, FAMILY, OTHER = 0, 1, 2


@dataclass(frozen=True)
class PatientHit:
    """One patient in a list of found ones."""

    patient_id: int
    given_name: str
    family_name: str
    birth_date: date
    record_number: str
    phone: str | None
    site_id: int
    archived: bool

    @property
    def name(self) -> str:
        """Given name, then family name."""
        return f"{self.given_name} {self.family_name}"


def search(session: Session, text: str, limit: int = 12) -> list[PatientHit]:
    """The patients who fit all that was typed: words of the name, birth date, phone, record number.

    A record number typed in full comes first, then family names that begin so, then the rest, by name.
    Archived patients are left out. Nothing is found by an empty text.
    """
    wanted = terms(text)
    if not wanted.groups:
        return []
    rows = session.execute(
        ranked(wanted)
        .where(Patient.archived_at.is_(None))
        .order_by(rank_of(wanted), SortKey.key, Patient.id)
        .limit(limit)
    ).all()
    return [hit(row.Patient) for row in rows]


def hit(patient: Patient) -> PatientHit:
    """The patient as a line of a list."""
    return PatientHit(
        patient.id,
        patient.given_name,
        patient.family_name,
        patient.birth_date,
        patient.record_number,
        patient.phone,
        patient.site_id,
        patient.archived_at is not None,
    )


def ranked(wanted: Terms) -> Select[Patient, int, str]:
    """Rows of (Patient, rank, sort_key) that fit every group; all patients when there is none."""
    statement = (
        select(Patient, rank_of(wanted).label("rank"), SortKey.key.label("sort_key"))
        .join(SortKey, SortKey.patient_id == Patient.id)
        .where(_begins(SortKey.key, "n:"))
    )
    for group in wanted.groups:
        statement = statement.where(Patient.id.in_(select(Key.patient_id).where(_any_of(group))))
    return statement


def rank_of(wanted: Terms) -> ColumnElement[int]:
    """0 for the record number typed in full, 1 for a family name that begins so, 2 for the rest."""
    if not wanted.groups:
        return literal(OTHER)
    whens = [(_has(Key.key == wanted.record), EXACT)]
    if wanted.families:
        whens.append((_has(_any_of(wanted.families)), FAMILY))
    return case(*whens, else_=OTHER)


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Key.key).where(Key.patient_id == Patient.id, condition).exists()


def _any_of(beginnings: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(_begins(Key.key, beginning) for beginning in beginnings))


def _begins(column: Any, beginning: str) -> ColumnElement[bool]:
    """A range of the index, in both databases; LIKE would not use it in every one of their settings."""
    return and_(column >= beginning, column <= beginning + LAST)

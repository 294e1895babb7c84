"""Finding patients as somebody types.

Three letters may be shared by a sixth of a hundred thousand patients, of whom a dozen are shown. To rank
them all in the database would cost more than a keystroke may: `dense` brings together who fits, and only the
first of them are looked for.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session, aliased

from scheduler.features.patients.queries.dense import first_of_many, fitting
from scheduler.features.patients.queries.keys import Group, any_of
from scheduler.features.patients.search_terms import terms
from scheduler.models import Patient, PatientSearchKey

Key = PatientSearchKey
SortKey = aliased(PatientSearchKey, name="sorted_by")
IN_ORDER = (SortKey.key, SortKey.patient_id)
MOST = 20_000
"""A group that more patients have is asked of one after the other."""


@dataclass(frozen=True)
class PatientHit:
    """One patient in a list of found ones."""

    patient_id: int
    given_name: str
    family_name: str
    birth_date: date
    record_number: str
    phone: str | None
    email: str | None
    site_id: int
    archived: bool

    @property
    def name(self) -> str:
        """Given name, then family name."""
        return f"{self.given_name} {self.family_name}"


def search(session: Session, text: str, limit: int = 12) -> list[PatientHit]:
    """The patients who fit all that was typed: words of the name, birth date, phone, record number.

    A record number typed in full comes first, then whose name in the lists begins so, then other words
    of the family name, then the rest, by name.
    Archived patients are left out. Nothing is found by an empty text.
    """
    wanted = terms(text)
    if not wanted.groups:
        return []
    fits = fitting(session, wanted, MOST)
    return [hit(patient) for patient in first_of_many(session, wanted, fits, limit, _has_any)]


def hit(patient: Patient) -> PatientHit:
    """The patient as a line of a list."""
    return PatientHit(
        patient.id,
        patient.given_name,
        patient.family_name,
        patient.birth_date,
        patient.record_number,
        patient.phone,
        patient.email,
        patient.site_id,
        patient.archived_at is not None,
    )


def _has_any(group: Group) -> ColumnElement[bool]:
    """Whether a patient has such a key.

    Asked as a value, so that PostgreSQL looks at one patient after the other and joins nothing first; and of
    the key with nothing added, so that SQLite reads the dozen keys of the patient, not all that begin so.
    """
    own = select(literal(1)).where(Key.patient_id == Patient.id, any_of(group, Key.key + ""))
    return own.limit(1).scalar_subquery().is_not(None)

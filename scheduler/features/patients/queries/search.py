"""Finding patients as somebody types.

Three letters may be shared by a sixth of a hundred thousand patients, of whom a dozen are shown. To rank
them all would cost more than a keystroke may. So whoever fits is counted up to a bound first. Few of them
are ranked by the database; of many, only the first are looked for (`dense`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from scheduler.features.patients.queries.dense import FEW, MOST, first_of_many, fitting
from scheduler.features.patients.queries.keys import END, Group, any_of, sorted_beginnings
from scheduler.features.patients.search_terms import Terms, terms
from scheduler.models import Patient, PatientSearchKey

Key = PatientSearchKey
SortKey = aliased(PatientSearchKey, name="sorted_by")
IN_ORDER = (SortKey.key, SortKey.patient_id)
EXACT, FIRST, FAMILY, OTHER = 0, 1, 2, 3


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
    for group in wanted.groups:
        few = _few(session, group)
        if few is not None:
            return _ranked_few(session, wanted, few, limit)
    fits = fitting(session, wanted, MOST)
    if fits.ids is not None and len(fits.ids) <= FEW:
        return _ranked_few(session, wanted, fits.ids, limit)
    return [hit(patient) for patient in first_of_many(session, wanted, fits, limit, _has_key)]


def _ranked_few(session: Session, wanted: Terms, few: Collection[int], limit: int) -> list[PatientHit]:
    fits = (
        select(Patient)
        .join(SortKey, SortKey.patient_id == Patient.id)
        .where(any_of(("n:",), SortKey.key), Patient.archived_at.is_(None))
        .where(Patient.id.in_(few), *map(_has_any, wanted.groups))
    )
    return [hit(one) for one in session.scalars(fits.order_by(_rank_of(wanted), *IN_ORDER).limit(limit))]


def _few(session: Session, group: Group) -> Sequence[int] | None:
    """Who fits a group, or None where they are more than are worth ranking one by one."""
    ranges = [select(Key.patient_id).where(any_of((beginning,))) for beginning in group]
    holders = ranges[0] if len(ranges) == 1 else select(union_all(*ranges).subquery().c.patient_id)
    found = session.scalars(holders.limit(FEW + 1)).all()
    return found if len(found) <= FEW else None


def _has_key(group: Group) -> ColumnElement[bool]:
    return _own(group, Patient.id)


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


def _rank_of(wanted: Terms) -> ColumnElement[int]:
    """0 for the record number typed in full, 1 for a name that begins so, 2 for another family word, or 3."""
    whens = [(_has_any((wanted.record + END,)), EXACT)]
    if wanted.families:
        whens.append((any_of(sorted_beginnings(wanted), SortKey.key), FIRST))
        whens.append((_has_any(wanted.families), FAMILY))
    return case(*whens, else_=OTHER)


def _has_any(group: Group) -> ColumnElement[bool]:
    """Whether the patient of a line has such a key.

    Asked as a value, so that PostgreSQL looks at one patient after the other and joins nothing first; and of
    the key with nothing added, so that SQLite reads the dozen keys of the patient, not all that begin so.
    """
    return _own(group, SortKey.patient_id)


def _own(group: Group, patient_id: Any) -> ColumnElement[bool]:
    own = select(literal(1)).where(Key.patient_id == patient_id, any_of(group, Key.key + ""))
    return own.limit(1).scalar_subquery().is_not(None)

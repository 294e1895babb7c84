"""People who may be the one just being added."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from scheduler.features.patients.data import PatientData
from scheduler.features.patients.folding import name_words
from scheduler.features.patients.queries.search import PatientHit, hit
from scheduler.features.patients.search_keys import email_key, sort_key
from scheduler.models import Patient, PatientSearchKey

ALIKE = 0.75
"""From this ratio of letters on, two names are alike: `Marthe Lindkvist` and `Marta Lindqvist` have 0.83."""

MOST_BORN = 300
"""So many of one birth date are compared: where dates are unknown, many are born on 1 January."""


def likely_the_same(session: Session, data: PatientData, limit: int = 3) -> list[PatientHit]:
    """Who was born that day under a similar name, or has the same phone or e-mail; archived ones last."""
    fitting = {patient.id: patient for patient in _candidates(session, data)}
    ordered = sorted(
        fitting.values(), key=lambda one: (one.archived_at is not None, sort_key(*_names(one)), one.id)
    )
    return [hit(patient) for patient in ordered[:limit]]


def _candidates(session: Session, data: PatientData) -> Iterator[Patient]:
    birthday = f"y:{data.birth_date:%Y%m%d}"
    words = name_words(f"{data.given_name} {data.family_name}")
    names = [f"{kind}:{word}" for word in sorted(words) for kind in "fg"]
    named = select(PatientSearchKey.patient_id).where(PatientSearchKey.key.in_(names))
    yield from session.scalars(_having(birthday).where(Patient.id.in_(named)).limit(MOST_BORN))
    own = sort_key(data.given_name, data.family_name)
    for patient in session.scalars(_having(birthday).limit(MOST_BORN)):
        if SequenceMatcher(None, own, sort_key(*_names(patient))).ratio() >= ALIKE:
            yield patient
    if data.phone:
        phone = _having(f"p:{data.phone.removeprefix('+')}").where(Patient.phone == data.phone)
        yield from session.scalars(phone.limit(MOST_BORN))
    if data.email:
        yield from session.scalars(_having(email_key(data.email)).limit(MOST_BORN))


def _having(key: str) -> Select[Patient]:
    holders = select(PatientSearchKey.patient_id).where(PatientSearchKey.key == key)
    return (
        select(Patient).where(Patient.id.in_(holders)).order_by(Patient.archived_at.is_not(None), Patient.id)
    )


def _names(patient: Patient) -> tuple[str, str]:
    return patient.given_name, patient.family_name

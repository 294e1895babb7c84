"""Who of the clinic's patients the rows of a file may be, for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.patients.data import PatientData
from scheduler.features.patients.imports.chunks import chunks
from scheduler.features.patients.queries.likely import ALIKE
from scheduler.features.patients.search_keys import email_key, sort_key
from scheduler.models import Patient, PatientImportRow, PatientSearchKey, RowOutcome


def twins_of(session: Session, people: Mapping[int, PatientData], import_id: int) -> dict[int, int]:
    """Row number to the patient it may be (`is_alike`).

    Patients that the same file brought are left out: its rows were compared with each other already.
    """
    wanted = {number: _keys(data) for number, data in people.items()}
    holders = _holders(session, {key for keys in wanted.values() for key in keys})
    own = _brought_by(session, {one for ids in holders.values() for one in ids}, import_id)
    found = _patients(session, {one for ids in holders.values() for one in ids} - own)
    twins: dict[int, int] = {}
    for number, data in people.items():
        near = {one for key in wanted[number] for one in holders.get(key, ()) if one in found}
        alike = [one for one in near if is_alike(data, found[one])]
        if alike:
            twins[number] = min(alike, key=lambda one: (found[one].archived_at is not None, one))
    return twins


def is_alike(data: PatientData, patient: Patient) -> bool:
    """Whether two of these agree: a similar name, the birth date, the phone or the e-mail."""
    own, other = (
        sort_key(data.given_name, data.family_name),
        sort_key(patient.given_name, patient.family_name),
    )
    reached = (bool(data.phone) and data.phone == patient.phone) or (
        bool(data.email)
        and bool(patient.email)
        and email_key(data.email or "") == email_key(patient.email or "")
    )
    same_day = data.birth_date == patient.birth_date
    if same_day and reached:
        return True
    return (same_day or reached) and (
        own == other or SequenceMatcher(None, own, other, autojunk=False).ratio() >= ALIKE
    )


def _keys(data: PatientData) -> set[str]:
    keys = {f"y:{data.birth_date:%Y%m%d}"}
    if data.phone:
        keys.add(f"p:{data.phone.removeprefix('+')}")
    if data.email:
        keys.add(email_key(data.email))
    return keys


def _holders(session: Session, keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for part in chunks(sorted(keys)):
        rows = session.execute(
            select(PatientSearchKey.key, PatientSearchKey.patient_id).where(PatientSearchKey.key.in_(part))
        )
        for key, patient_id in rows:
            found[key].append(patient_id)
    return found


def _brought_by(session: Session, ids: Iterable[int], import_id: int) -> set[int]:
    found: set[int] = set()
    for part in chunks(sorted(ids)):
        found.update(
            one
            for one in session.scalars(
                select(PatientImportRow.patient_id).where(
                    PatientImportRow.import_id == import_id,
                    PatientImportRow.outcome == RowOutcome.ADDED,
                    PatientImportRow.patient_id.in_(part),
                )
            )
            if one is not None
        )
    return found


def _patients(session: Session, ids: Iterable[int]) -> dict[int, Patient]:
    found: dict[int, Patient] = {}
    for part in chunks(sorted(ids)):
        found.update((one.id, one) for one in session.scalars(select(Patient).where(Patient.id.in_(part))))
    return found


def holders_of_numbers(session: Session, numbers: Sequence[str]) -> dict[str, Patient]:
    """The patients who have these record numbers."""
    found: dict[str, Patient] = {}
    for part in chunks(sorted(numbers)):
        rows = session.scalars(select(Patient).where(Patient.record_number.in_(part)))
        found.update((one.record_number, one) for one in rows)
    return found

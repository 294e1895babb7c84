"""Adding a patient, and changing one without losing what somebody else changed meanwhile."""

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.invite import follow_address
from scheduler.features.outbox.contact.actions import choose
from scheduler.features.outbox.links import revoke_links
from scheduler.features.patients.actions.consultations import follow_to_consultations
from scheduler.features.patients.actions.numbers import next_record_number
from scheduler.features.patients.data import Away, Clash, PatientData, Window
from scheduler.features.patients.queries import absorbed, changes_since, facts, locked_patient
from scheduler.features.patients.queries import patient as get_patient
from scheduler.features.patients.search_keys import SORTED, keys_of
from scheduler.models import AvailabilityWindow, Blackout, Patient, PatientSearchKey, Topic

PLAIN = (
    "given_name", "family_name", "birth_date", "site_id", "phone", "email", "language", "time_zone",
    "guardian_name",
)  # fmt: skip


def add_patient(
    session: Session, actor: Actor, at: datetime, data: PatientData, *, texts: bool = False
) -> Patient:
    """Save a new patient with the keys they are found by. A taken record number ends in a ConflictError.

    `texts`: they agreed to text messages, at the desk.
    """
    patient = Patient(
        record_number=data.record_number or next_record_number(session, data.site_id),
        created_at=at,
        windows=_windows(data.windows),
        blackouts=_blackouts(data.blackouts),
        **{name: getattr(data, name) for name in PLAIN},
    )
    session.add(patient)
    session.flush()
    write_keys(session, patient)
    record(session, actor, at, "patient.added", "patient", patient.id, patient.id, version=patient.version)
    if texts:
        choose(session, actor, at, patient.id, Topic.SMS, allowed=True, source="desk")
    return patient


def update_patient(
    session: Session, actor: Actor, at: datetime, patient_id: int, data: PatientData, version: int
) -> Patient:
    """Save `data` over the `version` that the person saw.

    Raises NotFoundError, and ConflictError when somebody else saved first; its `extra["clash"]`
    (`Clash`) holds who, when, and both values of each field that they changed.
    """
    patient = current_patient(session, patient_id)
    old = facts(patient)
    new = {**facts(data), "record_number": data.record_number or patient.record_number}
    changed = [name for name in old if old[name] != new[name]]
    if patient.version != version:
        _refuse_clash(session, patient, version, old, new)
    if changed:
        _apply(patient, data, changed)
        session.flush()
        write_keys(session, patient)
    if "email" in changed:
        follow_address(session, at, patient)
        follow_to_consultations(session, at, patient, str(old["email"] or "") or None)
        revoke_links(session, at, patient.id)  # Whoever reads the former mailbox sees nothing more.
    record(
        session,
        actor,
        at,
        "patient.changed",
        "patient",
        patient.id,
        patient.id,
        fields=changed,
        version=patient.version,
    )
    return patient


def current_patient(session: Session, patient_id: int) -> Patient:
    """The record, locked. Raises ConflictError for one that was merged into another."""
    patient = locked_patient(session, patient_id)
    if patient.merged_into_id is not None:
        kept = get_patient(session, patient.merged_into_id)
        raise ConflictError(
            f"{patient.name} was merged into {kept.name}, {kept.record_number}. Nothing was saved. "
            "Change that record instead.",
            merged_into=kept.id,
        )
    return patient


def write_keys(session: Session, patient: Patient) -> None:
    """Make the patient's search keys what they should be.

    A record that was merged away has none: the kept one is found by what that one was found by.
    """
    session.execute(delete(PatientSearchKey).where(PatientSearchKey.patient_id == patient.id))
    if patient.merged_into_id is not None:
        return
    old = {key for one in absorbed(session, patient.id) for key in _keys(one) if not key.startswith(SORTED)}
    keys = {*_keys(patient), *old}
    session.execute(
        insert(PatientSearchKey), [{"patient_id": patient.id, "key": key} for key in sorted(keys)]
    )


def _keys(patient: Patient) -> frozenset[str]:
    return keys_of(
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        phone=patient.phone,
        email=patient.email,
        record_number=patient.record_number,
    )


def _apply(patient: Patient, data: PatientData, changed: list[str]) -> None:
    for name in changed:
        if name == "windows":
            patient.windows = _windows(data.windows)
        elif name == "blackouts":
            patient.blackouts = _blackouts(data.blackouts)
        else:
            setattr(patient, name, getattr(data, name))
    # The version must rise with the windows alone, too, which stand in a table of their own.
    flag_modified(patient, "given_name")


def _refuse_clash(
    session: Session, patient: Patient, seen: int, old: dict[str, object], new: dict[str, object]
) -> None:
    """Raise where both people changed the same field; changes to different fields stand together."""
    change = changes_since(session, patient.id, seen)
    names = [name for name in old if name in change.fields and old[name] != new[name]]
    if not names:
        return
    raise ConflictError(
        f"{change.by} changed this patient while you were typing. Nothing was saved.",
        clash=Clash(
            change.by,
            change.at,
            patient.version,
            {name: old[name] for name in names},
            {name: new[name] for name in names},
        ),
    )


def _windows(windows: tuple[Window, ...]) -> list[AvailabilityWindow]:
    return [
        AvailabilityWindow(weekday=one.weekday, from_minute=one.from_minute, to_minute=one.to_minute)
        for one in windows
    ]


def _blackouts(blackouts: tuple[Away, ...]) -> list[Blackout]:
    return [
        Blackout(
            first_day=one.first_day,
            last_day=one.last_day,
            from_minute=one.from_minute,
            to_minute=one.to_minute,
            note=one.note,
        )
        for one in blackouts
    ]

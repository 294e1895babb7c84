"""One patient, and what stands around them while somebody writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from scheduler.errors import NotFoundError
from scheduler.features.patients.data import Away, PatientData, Window
from scheduler.models import AuditEvent, Infusion, InfusionStatus, Patient, Site

GONE = "There is no such patient. Look for them under Patients."
PLAIN = (
    "given_name", "family_name", "birth_date", "phone", "email", "language", "record_number", "site_id",
    "time_zone", "guardian_name",
)  # fmt: skip
OPEN = (InfusionStatus.SCHEDULED, InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS)


@dataclass(frozen=True)
class Change:
    """What was saved after a version that somebody saw: the fields, and the last person and time."""

    by: str
    at: datetime
    fields: frozenset[str]


def patient(session: Session, patient_id: int) -> Patient:
    """One patient, archived or not, with windows and blackouts. Raises NotFoundError."""
    found = session.scalar(
        select(Patient)
        .options(selectinload(Patient.windows), selectinload(Patient.blackouts))
        .where(Patient.id == patient_id)
    )
    if found is None:
        raise NotFoundError(GONE)
    return found


def locked_patient(session: Session, patient_id: int) -> Patient:
    """The same, its row held until the transaction ends (`write()` of SQLite holds everything anyway)."""
    held = session.scalar(select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True))
    if held is None:
        raise NotFoundError(GONE)
    return patient(session, patient_id)


def facts(source: Patient | PatientData) -> dict[str, object]:
    """What is written of a patient, comparable: field name to value."""
    values: dict[str, object] = {name: getattr(source, name) for name in PLAIN}
    values["windows"] = tuple(
        sorted(Window(one.weekday, one.from_minute, one.to_minute) for one in source.windows)
    )
    away = [
        Away(one.first_day, one.last_day, one.from_minute, one.to_minute, one.note)
        for one in source.blackouts
    ]
    values["blackouts"] = tuple(
        sorted(away, key=lambda one: (one.first_day, one.last_day, one.from_minute or 0, one.note))
    )
    return values


def changes_since(session: Session, patient_id: int, version: int) -> Change:
    """All changes saved after `version`, out of the audit trail, which stands in their transactions."""
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.patient_id == patient_id, AuditEvent.entity == "patient")
        .where(
            AuditEvent.action.in_(
                (
                    "patient.added",
                    "patient.changed",
                    "patient.archived",
                    "patient.restored",
                    "patient.merged",
                    "patient.merged_away",
                    "patient.unmerged",
                )
            )
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    later = [event for event in events if event.detail.get("version", 0) > version]
    if not later:
        raise NotFoundError("Open the patient again: what you changed is of an unknown version.")
    fields = frozenset(name for event in later for name in event.detail.get("fields", ()))
    return Change(later[0].actor, later[0].at, fields)


def visits_left(session: Session, patient_id: int, now: datetime) -> tuple[int, int]:
    """How many visits the patient still has before them, one under way included, and of how many that are
    past nobody has said how they ended."""
    ahead, everything = session.execute(
        select(func.count().filter(Infusion.ends_at > now), func.count())
        .select_from(Infusion)
        .where(Infusion.patient_id == patient_id, Infusion.status.in_(OPEN))
    ).one()
    return ahead, everything - ahead


def open_sites(session: Session, also: int | None = None) -> Sequence[Site]:
    """The sites a patient may belong to, by name, and the one they belong to already (`also`)."""
    return session.scalars(
        select(Site).where(or_(Site.archived_at.is_(None), Site.id == also)).order_by(Site.name, Site.id)
    ).all()

"""Which of a patient's browsers are open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from scheduler.models import Patient, PatientDevice
from scheduler.tokens import token_hash

IDLE = timedelta(minutes=30)
"""A browser that is not remembered, left alone for so long, asks for the link again."""
KINDS = (
    ("iPhone", "iphone"),
    ("iPad", "ipad"),
    ("Android", "android"),
    ("Windows", "windows"),
    ("Mac", "macintosh"),
    ("Linux", "linux"),
)
"""What a device is called by what its browser says of itself; the first that fits."""


@dataclass(frozen=True)
class Device:
    """One open browser; `kind` is such as "iPhone", empty where its browser does not say."""

    id: int
    patient_id: int
    is_remembered: bool
    kind: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


def open_device_of(session: Session, raw: str, at: datetime) -> Device | None:
    """The browser that holds a secret; None for one that is open no more."""
    row = session.scalar(
        select(PatientDevice)
        .join(Patient, Patient.id == PatientDevice.patient_id)
        .where(PatientDevice.token_hash == token_hash(raw), Patient.archived_at.is_(None), _is_open(at))
    )
    return _device(row) if row else None


def devices_of(session: Session, patient_id: int, at: datetime) -> list[Device]:
    """All open browsers of a patient, the one used last first."""
    rows = session.scalars(
        select(PatientDevice)
        .where(PatientDevice.patient_id == patient_id, _is_open(at))
        .order_by(PatientDevice.last_seen_at.desc(), PatientDevice.id.desc())
    )
    return [_device(row) for row in rows]


def _is_open(at: datetime) -> ColumnElement[bool]:
    return and_(
        PatientDevice.ended_at.is_(None),
        PatientDevice.ends_at > at,
        or_(PatientDevice.is_remembered, PatientDevice.last_seen_at > at - IDLE),
    )


def _device(row: PatientDevice) -> Device:
    said = row.agent.lower()
    kind = next((name for name, sign in KINDS if sign in said), "")
    return Device(
        row.id, row.patient_id, row.is_remembered, kind, row.created_at, row.last_seen_at, row.ends_at
    )

"""Opening a patient's pages in a browser, and ending them: here, everywhere, or from the desk."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.models import PatientDevice
from scheduler.tokens import new_token, token_hash

REMEMBERED = timedelta(days=30)
SITTING = timedelta(hours=12)
"""How long a browser that is not remembered stays open at the most; without use it closes sooner."""
LONGEST_AGENT = 200


def open_device(
    session: Session, actor: Actor, at: datetime, patient_id: int, agent: str, *, remember: bool
) -> str:
    """Open the pages of a patient in a browser; returns the secret that it keeps."""
    raw = new_token()
    row = PatientDevice(
        token_hash=token_hash(raw),
        patient_id=patient_id,
        is_remembered=remember,
        agent=agent[:LONGEST_AGENT],
        created_at=at,
        last_seen_at=at,
        ends_at=at + (REMEMBERED if remember else SITTING),
    )
    session.add(row)
    session.flush()
    record(session, actor, at, "device.opened", "patient_device", row.id, patient_id, remembered=remember)
    return raw


def touch_device(session: Session, at: datetime, device_id: int) -> None:
    """Note that a browser is in use."""
    session.execute(update(PatientDevice).where(PatientDevice.id == device_id).values(last_seen_at=at))


def end_devices(
    session: Session, actor: Actor, at: datetime, patient_id: int, only: int | None = None
) -> int:
    """End one browser of a patient, or all of them; how many were open."""
    statement = update(PatientDevice).where(
        PatientDevice.patient_id == patient_id, PatientDevice.ended_at.is_(None), PatientDevice.ends_at > at
    )
    if only is not None:
        statement = statement.where(PatientDevice.id == only)
    ended = session.execute(
        statement.values(ended_at=at).returning(PatientDevice.id).execution_options(synchronize_session=False)
    ).all()
    if ended:
        record(session, actor, at, "device.ended", "patient", patient_id, patient_id, devices=len(ended))
    return len(ended)

"""The page of a patient's consents at the desk: names, dates and states, and what went out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.intake.consents.card import Mark, mark
from scheduler.features.intake.consents.needs import consents_of
from scheduler.features.intake.consents.papers import Signed, signed_by
from scheduler.features.outbox.contact.queries import ways_of
from scheduler.features.patients.age import is_minor
from scheduler.models import Message, MessageStatus, Patient, Purpose, Site


@dataclass(frozen=True)
class Page:
    """What the page shows, times at the patient's site.

    `way` is how a link would go ("mail", "text"), empty where no way is open; `sent` says when the last one
    was written and what became of it. `guardian` signs for a minor; empty where nobody is on record.
    """

    patient_id: int
    patient: str
    birth_date: date
    record_number: str
    archived: bool
    is_minor: bool
    guardian: str
    tz: str
    marks: Sequence[Mark]
    lacks: int
    signed: Sequence[Signed]
    way: str
    sent: tuple[datetime, str] | None


def page_of(session: Session, patient_id: int, now: datetime) -> Page:
    """The page of one patient. Raises NotFoundError."""
    found = session.execute(
        select(Patient, Site).join(Site, Site.id == Patient.site_id).where(Patient.id == patient_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such patient. They may have been merged into another record.")
    patient, site = found
    zone = ZoneInfo(site.tz)
    needed = consents_of(session, patient)
    ways = ways_of(session, {patient.id: (patient.email, patient.phone)})[patient.id]
    way = next((way.channel.value for way in ways if way.is_open), "")
    return Page(
        patient.id,
        patient.name,
        patient.birth_date,
        patient.record_number,
        patient.archived_at is not None,
        is_minor(patient.birth_date, now.astimezone(zone).date()),
        patient.guardian_name,
        site.tz,
        [mark(each, zone) for each in needed],
        sum(each.signed_at is None for each in needed),
        signed_by(session, patient.id, site.tz),
        {"email": "mail", "sms": "text"}.get(way, ""),
        _sent(session, patient.id, zone),
    )


def _sent(session: Session, patient_id: int, zone: ZoneInfo) -> tuple[datetime, str] | None:
    row = session.execute(
        select(Message.created_at, Message.status)
        .where(Message.patient_id == patient_id, Message.purpose == Purpose.CONSENTS)
        .order_by(Message.created_at.desc(), Message.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    waits = row.status in (MessageStatus.QUEUED, MessageStatus.SENDING)
    state = "waits to go out" if waits else "sent" if row.status is MessageStatus.SENT else "did not go out"
    return row.created_at.astimezone(zone), state

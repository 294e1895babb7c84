"""What is held of a patient that is theirs to take along: contact, times, choices, dates. No score, no log.

Scores and logs are the clinic's record, which a person of the clinic hands over and explains; a file that
lies in the downloads of a phone holds none of them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.accounts.devices.queries import devices_of
from scheduler.features.outbox.contact.queries import history
from scheduler.models import (
    ConsentSignature,
    Infusion,
    Message,
    MessageStatus,
    Patient,
    Rating,
    RatingSource,
    Site,
)

OWN = (RatingSource.PATIENT, RatingSource.KIOSK)


def own_data(session: Session, patient_id: int, at: datetime) -> dict[str, Any]:
    """All of it as plain values, times as ISO 8601 in UTC, days as days."""
    patient = session.get_one(Patient, patient_id)
    site = session.get_one(Site, patient.site_id)
    return {
        "made_at": at.isoformat(),
        "clinic": {"name": site.discreet_name, "address": site.address, "phone": site.phone},
        "person": _person(patient),
        "can_come": _can_come(patient),
        "choices": [
            {"topic": row.topic.value, "allowed": row.allowed, "by": row.source, "at": row.at.isoformat()}
            for row in history(session, patient_id)
        ],
        "appointments": _appointments(session, patient_id),
        "questions_answered_at": _answered(session, patient_id),
        "documents_signed": _signed(session, patient_id),
        "messages_sent": _sent(session, patient_id),
        "devices": [
            {"kind": one.kind, "opened_at": one.opened_at.isoformat(), "used_at": one.seen_at.isoformat()}
            for one in devices_of(session, patient_id, at)
        ],
    }


def _person(patient: Patient) -> dict[str, Any]:
    return {
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "birth_date": patient.birth_date.isoformat(),
        "record_number": patient.record_number,
        "email": patient.email,
        "phone": patient.phone,
        "language": patient.language,
        "time_zone": patient.time_zone,
        "guardian_name": patient.guardian_name,
    }


def _can_come(patient: Patient) -> dict[str, Any]:
    return {
        "windows": [
            {"weekday": one.weekday, "from_minute": one.from_minute, "to_minute": one.to_minute}
            for one in patient.windows
        ],
        "away": [
            {"first_day": one.first_day.isoformat(), "last_day": one.last_day.isoformat()}
            for one in patient.blackouts
        ],
    }


def _appointments(session: Session, patient_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Infusion, Site.discreet_name, Site.address)
        .join(Site, Site.id == Infusion.site_id)
        .where(Infusion.patient_id == patient_id)
        .order_by(Infusion.starts_at, Infusion.id)
    )
    return [
        {
            "starts_at": visit.starts_at.isoformat(),
            "ends_at": visit.ends_at.isoformat(),
            "place": place,
            "address": address,
            "state": visit.status.value,
            "confirmation": visit.confirmation,
        }
        for visit, place, address in rows
    ]


def _answered(session: Session, patient_id: int) -> list[str]:
    """When the patient answered questions: one time for each sheet, however many questions it had."""
    rows = session.scalars(
        select(Rating.rated_at)
        .where(Rating.patient_id == patient_id, Rating.source.in_(OWN), Rating.voided_at.is_(None))
        .distinct()
        .order_by(Rating.rated_at)
    )
    return [at.isoformat() for at in rows]


def _signed(session: Session, patient_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(ConsentSignature)
        .where(ConsentSignature.patient_id == patient_id)
        .order_by(ConsentSignature.signed_at, ConsentSignature.id)
    )
    return [
        {
            "signed_at": row.signed_at.isoformat(),
            "signed_name": row.signed_name,
            "signed_as": row.signed_as,
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        }
        for row in rows
    ]


def _sent(session: Session, patient_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Message.sent_at, Message.channel, Message.recipient)
        .where(
            Message.patient_id == patient_id,
            Message.status == MessageStatus.SENT,
            Message.sent_at.is_not(None),
        )
        .order_by(Message.sent_at, Message.id)
    )
    return [
        {"sent_at": row.sent_at.isoformat(), "by": row.channel.value, "to": row.recipient} for row in rows
    ]

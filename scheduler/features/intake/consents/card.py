"""What the pages of the desk say of a patient's consents: names, dates and states, never the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.intake.consents.needs import consents_of
from scheduler.features.patients.consents import Consent, Need, standing
from scheduler.models import Course, Patient, ProtocolVersion, Site

SAID = {
    "missing": "Not signed yet",
    "again": "The text has changed since it was signed",
    "withdrawn": "Withdrawn",
}


@dataclass(frozen=True)
class Mark:
    """One line of the card (templates/parts/marks.html)."""

    state: str
    words: str
    note: str
    href: str = ""
    label: str = ""


def card_of(session: Session, patient_id: int | None) -> dict[str, Any]:
    """What templates/consents/_card.html shows: the lines, whose, how many lack; no line without a record."""
    found = session.execute(
        select(Patient, Site.tz).join(Site, Site.id == Patient.site_id).where(Patient.id == patient_id)
    ).one_or_none()
    if found is None:
        return {"consents": (), "consents_of": None, "consents_lack": 0}
    patient, tz = found
    return _card(patient.id, consents_of(session, patient), ZoneInfo(tz))


def course_card(session: Session, course_id: int) -> dict[str, Any]:
    """The same of what one course needs; times in the zone of its site."""
    patient_id, protocol_id, site_id, tz = session.execute(
        select(Course.patient_id, ProtocolVersion.protocol_id, Course.site_id, Site.tz)
        .join(ProtocolVersion, ProtocolVersion.id == Course.protocol_version_id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.id == course_id)
    ).one()
    need = Need(patient_id, protocol_id, site_id)
    return _card(patient_id, standing(session, [need])[need], ZoneInfo(tz))


def _card(patient_id: int, found: Sequence[Consent], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "consents": tuple(mark(each, zone) for each in found),
        "consents_of": patient_id,
        "consents_lack": sum(each.signed_at is None for each in found),
    }


def mark(consent: Consent, zone: ZoneInfo) -> Mark:
    """One consent as a line."""
    if consent.signed_at is None:
        return Mark("no", consent.name, SAID[consent.state])
    return Mark("yes", consent.name, f"Signed on {said_day(consent.signed_at, zone)}")


def said_day(at: datetime, zone: ZoneInfo) -> str:
    """`3 Nov 2026` at the site."""
    day = at.astimezone(zone)
    return f"{day.day} {day:%b %Y}"

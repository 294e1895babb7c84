"""What the pages of the desk say of a patient's consents: names, dates and states, never the words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from scheduler.features.intake.consents.needs import consents_of
from scheduler.features.intake.consents.standing import Consent
from scheduler.models import Patient, Site

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
    patient = session.get(Patient, patient_id) if patient_id is not None else None
    if patient is None:
        return {"consents": (), "consents_of": None, "consents_lack": 0}
    zone = ZoneInfo(session.get_one(Site, patient.site_id).tz)
    found = consents_of(session, patient)
    return {
        "consents": tuple(mark(each, zone) for each in found),
        "consents_of": patient.id,
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

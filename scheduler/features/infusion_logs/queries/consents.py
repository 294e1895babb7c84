"""Whether the consents of a visit's course were on file on its day: the log ticks that by itself."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.patients.consents import Consent, Need, standing
from scheduler.models import Course, Infusion, ProtocolVersion


@dataclass(frozen=True)
class OnFile:
    """`words` say what was signed when, or what is missing; empty where the clinic asks for no consent."""

    all_signed: bool
    words: str


def on_file(session: Session, need: Need, zone: ZoneInfo, day: date) -> OnFile:
    """What a patient had signed by the end of a day in a zone."""
    found = standing(session, [need])[need]
    lacks = [each for each in found if not _in_time(each, zone, day)]
    if lacks:
        return OnFile(False, f"Not signed by this day: {', '.join(each.name for each in lacks)}.")
    signed = ", ".join(f"{each.name} on {_said(each, zone)}" for each in found)
    return OnFile(bool(found), f"Signed: {signed}." if found else "")


def ticks_itself(session: Session, visit: Infusion, zone: ZoneInfo) -> bool:
    """Whether all that this visit's course needs was signed by its day."""
    protocol_id = session.scalars(
        select(ProtocolVersion.protocol_id)
        .join(Course, Course.protocol_version_id == ProtocolVersion.id)
        .where(Course.id == visit.course_id)
    ).one()
    need = Need(visit.patient_id, protocol_id, visit.site_id)
    return on_file(session, need, zone, visit.local_day).all_signed


def _in_time(consent: Consent, zone: ZoneInfo, day: date) -> bool:
    return consent.signed_at is not None and consent.signed_at.astimezone(zone).date() <= day


def _said(consent: Consent, zone: ZoneInfo) -> str:
    if consent.signed_at is None:
        raise AssertionError("only a signed consent has a day")
    at = consent.signed_at.astimezone(zone)
    return f"{at.day} {at:%b %Y}"

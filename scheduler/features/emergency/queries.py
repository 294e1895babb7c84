"""Whom an emergency is about, what is open, and what was opened."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from scheduler.models import Course, EmergencyAccess, Patient, Site, User

MOST = 200


def find_patient(session: Session, number: str, family_name: str, born: date | None) -> Patient | None:
    """The one patient of this record number, else of this family name and birth date; None if not one."""
    query = select(Patient).where(Patient.merged_into_id.is_(None)).order_by(Patient.id).limit(2)
    if number.strip():
        query = query.where(func.upper(Patient.record_number) == number.strip().upper())
    elif family_name.strip() and born:
        same_name = func.lower(Patient.family_name) == family_name.strip().lower()
        query = query.where(same_name, Patient.birth_date == born)
    else:
        return None
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class OpenChart:
    """A chart that is open now, and the courses in it, the newest first."""

    access_id: int
    patient_id: int
    name: str
    birth_date: date
    record_number: str
    phone: str | None
    ends_at: datetime
    reason: str
    course_ids: tuple[int, ...]


def open_access(session: Session, access_id: int, user_id: int | None, at: datetime) -> OpenChart | None:
    """What this person has open under this id; None where it is another's, or over."""
    found = session.execute(
        select(EmergencyAccess, Patient, Site.tz)
        .join(Patient, Patient.id == EmergencyAccess.patient_id)
        .join(Site, Site.id == Patient.site_id)
        .where(
            EmergencyAccess.id == access_id,
            EmergencyAccess.user_id == user_id,
            EmergencyAccess.ended_at.is_(None),
            EmergencyAccess.ends_at > at,
        )
    ).one_or_none()
    if found is None:
        return None
    row, patient, tz = found
    courses = select(Course.id).where(Course.patient_id == patient.id).order_by(Course.id.desc())
    return OpenChart(
        row.id,
        patient.id,
        patient.name,
        patient.birth_date,
        patient.record_number,
        patient.phone,
        row.ends_at.astimezone(ZoneInfo(tz)),
        row.reason,
        tuple(session.scalars(courses)),
    )


@dataclass(frozen=True)
class Opening:
    """One line of the list, times local to the patient's site. `ended` is when it ended or will end."""

    access_id: int
    who: str
    patient: str
    record_number: str
    reason: str
    opened: datetime
    ended: datetime
    seen_by: str | None
    seen_note: str | None


def openings(session: Session) -> list[Opening]:
    """The openings that no clinician has looked at first, then the newest; at most 200."""
    seer = aliased(User)
    rows = session.execute(
        select(EmergencyAccess, User.name, Patient, Site.tz, seer.name)
        .join(User, User.id == EmergencyAccess.user_id)
        .join(Patient, Patient.id == EmergencyAccess.patient_id)
        .join(Site, Site.id == Patient.site_id)
        .outerjoin(seer, seer.id == EmergencyAccess.seen_by_id)
        .order_by(
            EmergencyAccess.seen_at.is_not(None),
            EmergencyAccess.opened_at.desc(),
            EmergencyAccess.id.desc(),
        )
        .limit(MOST)
    )
    return [
        Opening(
            row.id,
            who,
            patient.name,
            patient.record_number,
            row.reason,
            row.opened_at.astimezone(ZoneInfo(tz)),
            (row.ended_at or row.ends_at).astimezone(ZoneInfo(tz)),
            seen_by,
            row.seen_note,
        )
        for row, who, patient, tz, seen_by in rows
    ]

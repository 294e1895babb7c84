"""What a patient is asked to sign now: for the courses that are open, and before any is booked."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.patients.consents import Consent, Need, standing
from scheduler.models import Course, CourseStatus, Patient, ProtocolVersion

OPEN = (CourseStatus.ACTIVE, CourseStatus.ON_HOLD)


def needs_of(session: Session, patient: Patient) -> list[Need]:
    """Their open courses', and what everybody at their site signs."""
    rows = session.execute(
        select(ProtocolVersion.protocol_id, Course.site_id)
        .join(Course, Course.protocol_version_id == ProtocolVersion.id)
        .where(Course.patient_id == patient.id, Course.status.in_(OPEN))
        .order_by(Course.id)
    )
    found = [Need(patient.id, protocol_id, site_id) for protocol_id, site_id in rows]
    return list(dict.fromkeys([*found, Need(patient.id, None, patient.site_id)]))


def consents_of(session: Session, patient: Patient) -> Sequence[Consent]:
    """Each consent that the patient needs, once."""
    found = standing(session, needs_of(session, patient))
    return list({each.form_id: each for consents in found.values() for each in consents}.values())

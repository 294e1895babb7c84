"""People who may be the one just being added."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from scheduler.features.patients.data import PatientData
from scheduler.features.patients.folding import name_words
from scheduler.features.patients.queries.search import PatientHit, hit
from scheduler.models import Patient, PatientSearchKey


def likely_the_same(session: Session, data: PatientData, limit: int = 3) -> list[PatientHit]:
    """Who was born that day and shares a word of the name, or has the same phone; archived ones last."""
    key, other = aliased(PatientSearchKey), aliased(PatientSearchKey)
    words = name_words(f"{data.given_name} {data.family_name}")
    names = [f"{kind}:{word}" for word in sorted(words) for kind in "fg"]
    same_birthday = (
        select(key.patient_id)
        .join(other, other.patient_id == key.patient_id)
        .where(key.key == f"y:{data.birth_date:%Y%m%d}", other.key.in_(names))
    )
    fits: list[ColumnElement[bool]] = [Patient.id.in_(same_birthday)]
    if data.phone:
        same_phone = select(PatientSearchKey.patient_id).where(
            PatientSearchKey.key == f"p:{data.phone.removeprefix('+')}"
        )
        fits.append(and_(Patient.id.in_(same_phone), Patient.phone == data.phone))
    rows = session.scalars(
        select(Patient)
        .where(or_(*fits))
        .order_by(Patient.archived_at.is_not(None), Patient.family_name, Patient.given_name, Patient.id)
        .limit(limit)
    )
    return [hit(patient) for patient in rows]

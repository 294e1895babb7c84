"""Reading the audit trail."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import AuditEvent


def of_patient(session: Session, patient_id: int, limit: int = 100) -> Sequence[AuditEvent]:
    """The newest events of one patient, newest first."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.patient_id == patient_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    ).all()

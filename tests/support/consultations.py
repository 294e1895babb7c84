"""Consultations as rows, for tests that are about what happens to them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.models import Consultation, ConsultationRequest
from tests.support.clinic import NOW, SmallClinic


def add_consultation(
    session: Session, clinic: SmallClinic, request: ConsultationRequest, starts_at: datetime, key: str = ""
) -> Consultation:
    """Fifteen minutes of the clinician, written past the code that would book them."""
    consultation = Consultation(
        request_id=request.id,
        site_id=clinic.site.id,
        clinician_id=clinic.users["clinician"].id,
        way=request.way,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=15),
        local_day=starts_at.date(),
        booked_at=NOW,
        booking_key=key or f"{request.id}-{starts_at.isoformat()}",
        ics_uid=f"{request.id}-{starts_at:%d%H%M}@sixfold",
        ics_dtstamp=NOW,
        ics_organizer=clinic.site.from_email,
    )
    session.add(consultation)
    session.flush()
    return consultation

"""Requests and consultations as rows, for tests that are about what happens to them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.models import Consultation, ConsultationRequest
from tests.support.clinic import NOW, SmallClinic


def add_request(
    session: Session, clinic: SmallClinic, number: int = 1, **changes: object
) -> ConsultationRequest:
    """Somebody who asked on the page a moment ago, reached by mail."""
    values: dict[str, object] = {
        "site_id": clinic.site.id,
        "source": "page",
        "request_key": f"request-{number}",
        "given_name": "Ines",
        "family_name": f"Okafor {number}",
        "email": f"ines{number}@example.org",
        "consent_at": NOW,
        "consent_words": "You may write to me about this.",
        "received_at": NOW,
        "status_since": NOW,
        **changes,
    }
    request = ConsultationRequest(**values)
    session.add(request)
    session.flush()
    return request


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

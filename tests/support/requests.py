"""Requests for a consultation, for tests: as if they had come through the public page."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.intake.steps import begin
from scheduler.models import ConsultationRequest
from tests.support.clinic import NOW, SmallClinic

ROSA = Actor(None, "Rosa", "127.0.0.1")


def make_request(
    session: Session, clinic: SmallClinic, number: int = 1, at: datetime = NOW, **values: Any
) -> ConsultationRequest:
    """A new request of an adult who gave mail address and phone; `number` makes it another person."""
    found = ConsultationRequest(
        **{
            "site_id": clinic.site.id,
            "source": "page",
            "request_key": f"request-{number}",
            "given_name": "Ines",
            "family_name": f"Okafor{number}",
            "email": f"ines{number}@example.org",
            "phone": f"+1212555{number:04d}",
            "half_days": ["0a", "2p"],
            "consent_at": at,
            "consent_words": "You may write to me and call me about this request.",
            "received_at": at,
            "status_since": at,
            **values,
        }
    )
    session.add(found)
    begin(session, ROSA, at, found)
    return found

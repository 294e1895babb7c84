"""The consultation on the page of the person who asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.intake.consultations.actions.attend import BACK, UNDO_WITHIN
from scheduler.features.intake.consultations.actions.book import BOOKABLE
from scheduler.features.intake.consultations.queries import Booked, consultations_of
from scheduler.models import ConsultationRequest, Site


@dataclass(frozen=True)
class Card:
    """The newest consultation, if any, and what can be done now."""

    request_id: int
    booked: Booked | None
    can_book: bool
    is_today: bool
    has_begun: bool
    can_undo: bool


def card_of(session: Session, request: ConsultationRequest, site: Site, at: datetime) -> Card:
    """What `intake/consultations/_card.html` shows of a request."""
    found = consultations_of(session, request.id, site)
    row = found[0] if found else None
    if row is None:
        return Card(request.id, None, request.status in BOOKABLE, False, False, False)
    return Card(
        request.id,
        row,
        can_book=request.status in BOOKABLE and not row.is_scheduled,
        is_today=row.starts_at.date() == at.astimezone(row.starts_at.tzinfo).date(),
        has_begun=row.starts_at <= at,
        can_undo=BACK.get(row.status) is request.status and at <= row.ends_at + UNDO_WITHIN,
    )

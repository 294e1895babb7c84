"""Links to the page of one consultation, for whoever asked for it (SECURITY.md, section 2).

As with visits, each message has a link of its own, made when its bytes are written, and the row knows only
the hash. A link follows the consultation: it ends a day after the appointment as that stands now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import Consultation, ConsultationLink, ConsultationRequest
from scheduler.tokens import new_token, token_hash

AFTER = timedelta(days=1)
"""How long after the end of the consultation its links still open the page."""


@dataclass(frozen=True)
class ConsultationHolder:
    """Whose link it is: the row of the link, of the consultation and of the request; when it ends."""

    link_id: int
    consultation_id: int
    request_id: int
    touched_at: datetime | None
    expires_at: datetime


def consultation_address(
    session: Session,
    at: datetime,
    consultation_id: int,
    base_url: str,
    token: Callable[[], str] = new_token,
) -> str:
    """The whole address of a fresh link to the page of a consultation."""
    raw = token()
    session.add(ConsultationLink(token_hash=token_hash(raw), consultation_id=consultation_id, created_at=at))
    session.flush()
    return f"{base_url}/k/{raw}"


def consultation_holder(session: Session, raw: str, at: datetime) -> ConsultationHolder | None:
    """Whose link this is; None for one that never was, is over, or whose request was erased, alike."""
    found = session.execute(
        select(
            ConsultationLink.id,
            ConsultationLink.last_used_at,
            Consultation.id.label("consultation_id"),
            Consultation.request_id,
            Consultation.ends_at,
        )
        .join(Consultation, Consultation.id == ConsultationLink.consultation_id)
        .join(ConsultationRequest, ConsultationRequest.id == Consultation.request_id)
        .where(
            ConsultationLink.token_hash == token_hash(raw),
            ConsultationRequest.erased_at.is_(None),
            Consultation.ends_at > at - AFTER,
        )
    ).one_or_none()
    if found is None:
        return None
    ends = found.ends_at + AFTER
    return ConsultationHolder(found.id, found.consultation_id, found.request_id, found.last_used_at, ends)

"""Who else asked with the same phone number or mail address.

It may be the same person, whose form was sent again after going back; a family that shares an address; or
somebody who wrote another's number down. Only people can tell, so the page of each names the others, and
nothing is put together or refused by itself.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.models import ConsultationRequest

MOST = 5
R = ConsultationRequest


def alike(session: Session, request: ConsultationRequest) -> Sequence[ConsultationRequest]:
    """Up to five other requests of any site that give the same number or address, the newest first."""
    same = [
        column == value for column, value in ((R.phone, request.phone), (R.email, request.email)) if value
    ]
    if not same:
        return ()
    return session.scalars(
        select(R)
        .where(or_(*same), R.id != request.id, R.erased_at.is_(None))
        .order_by(R.received_at.desc(), R.id.desc())
        .limit(MOST)
    ).all()

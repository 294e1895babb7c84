"""What a request is found by, and how many wait: for every page's frame, the search and the morning mail."""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select
from sqlalchemy.orm import Session

from scheduler.features.patients.folding import fold, name_words
from scheduler.models import ConsultationRequest, Course, RequestStatus

OVER = (RequestStatus.NOT_NOW, RequestStatus.REFERRED, RequestStatus.CLOSED)
LONGEST = 100


def found_by(request: ConsultationRequest) -> str:
    """The folded words of name, mail address and phone of one request, each after a space; "" if erased."""
    if request.erased_at is not None:
        return ""
    digits = re.sub(r"\D", "", request.phone or "")
    return "".join(
        f" {word}" for word in (*sorted(name_words(request.name)), fold(request.email or ""), digits)
    )


def named(text: str) -> ColumnElement[bool]:
    """The condition on requests that all words of `text` begin words of theirs; digits: part of the phone."""
    words = [fold(word) for word in text[:LONGEST].split()]
    digits = re.sub(r"[^\w]", "", "".join(words))
    if digits.isdigit():
        return ConsultationRequest.found_by.contains(digits, autoescape=True)
    return and_(*(ConsultationRequest.found_by.contains(f" {word}", autoescape=True) for word in words))


def waits() -> ColumnElement[bool]:
    """The condition on requests that somebody still has something to do: not over, and no course since."""
    booked = exists().where(
        Course.patient_id == ConsultationRequest.patient_id,
        Course.booked_at >= ConsultationRequest.received_at,
    )
    suitable = ConsultationRequest.status == RequestStatus.SUITABLE
    return and_(
        ConsultationRequest.erased_at.is_(None),
        ConsultationRequest.status.not_in(OVER),
        not_(and_(suitable, booked)),
    )


def new_count() -> Select[int]:
    """Select the number of requests that nobody has answered yet."""
    return select(func.count(ConsultationRequest.id)).where(
        ConsultationRequest.status == RequestStatus.NEW, ConsultationRequest.erased_at.is_(None)
    )


def count_due(session: Session, site_id: int, today: date) -> int:
    """How many requests of a site wait for somebody by the end of `today`, new ones included."""
    due = (ConsultationRequest.next_due <= today) | (ConsultationRequest.status == RequestStatus.NEW)
    statement = select(func.count(ConsultationRequest.id)).where(
        ConsultationRequest.site_id == site_id, waits(), due
    )
    return session.scalar(statement) or 0


def search(session: Session, text: str, limit: int) -> Sequence[ConsultationRequest]:
    """The requests that fit what was typed, those that wait first, then the newest."""
    if not text.strip():
        return []
    return session.scalars(
        select(ConsultationRequest)
        .where(named(text), ConsultationRequest.erased_at.is_(None))
        .order_by(ConsultationRequest.status.in_(OVER), ConsultationRequest.id.desc())
        .limit(limit)
    ).all()

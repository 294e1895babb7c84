"""People who asked for a consultation and never became patients, but of whom a clinician wrote something.

Of whom nobody wrote anything is erased after the days of the request page (intake/requests/actions/erase.py).
A screening or a consultation that took place is a record like a chart, and is kept for a chart's years.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from scheduler.features.intake.held import held_requests
from scheduler.features.intake.steps import OPEN
from scheduler.features.records.queries.rules import Rules
from scheduler.features.records.times import years_before
from scheduler.models import ConsultationRequest, RecordKind, RequestEvent, Screening


def count_strangers(session: Session, rules: Rules, at: datetime) -> int:
    """How many of them are past their time."""
    count = select(func.count()).select_from(ConsultationRequest).where(*_is_due(rules, at))
    return session.scalar(count) or 0


def next_strangers(session: Session, rules: Rules, at: datetime, size: int) -> Sequence[int]:
    """The requests of the next ones, by id; empty at the end."""
    rows = select(ConsultationRequest.id).where(*_is_due(rules, at)).order_by(ConsultationRequest.id)
    return session.scalars(rows.limit(size)).all()


def _is_due(rules: Rules, at: datetime) -> Iterator[ColumnElement[bool]]:
    rule = rules[RecordKind.CHART]
    cutoff = years_before(at, rule.years)
    request = ConsultationRequest
    yield request.patient_id.is_(None)
    yield request.erased_at.is_(None)
    yield request.id.not_in(held_requests())
    yield request.status.not_in(OPEN)
    yield request.status_since < cutoff
    yield or_(request.birth_date.is_(None), request.birth_date <= years_before(at, rule.until_age).date())
    yield ~exists().where(RequestEvent.request_id == request.id, RequestEvent.at >= cutoff)
    written = or_(Screening.begun_at >= cutoff, Screening.signed_at >= cutoff)
    yield ~exists().where(Screening.request_id == request.id, written)

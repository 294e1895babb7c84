"""Reading the endpoints of webhooks and what they were told."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint

SHOWN = 10
WAITING = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED)


@dataclass(frozen=True)
class EndpointLine:
    """An endpoint, its last deliveries (newest first), and how many wait."""

    endpoint: WebhookEndpoint
    deliveries: Sequence[WebhookDelivery]
    waiting: int


def endpoint_lines(session: Session) -> list[EndpointLine]:
    """All endpoints, oldest first."""
    endpoints = session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id)).all()
    return [_line(session, endpoint) for endpoint in endpoints]


def endpoint_line(session: Session, endpoint_id: int) -> EndpointLine:
    """One endpoint. Raises NotFoundError."""
    found = session.get(WebhookEndpoint, endpoint_id)
    if found is None:
        raise NotFoundError("There is no such webhook. It may have been removed.")
    return _line(session, found)


def _line(session: Session, endpoint: WebhookEndpoint) -> EndpointLine:
    own = WebhookDelivery.endpoint_id == endpoint.id
    last = session.scalars(
        select(WebhookDelivery).where(own).order_by(WebhookDelivery.id.desc()).limit(SHOWN)
    ).all()
    waiting = session.scalar(
        select(func.count(WebhookDelivery.id)).where(own, WebhookDelivery.status.in_(WAITING))
    )
    return EndpointLine(endpoint, last, waiting or 0)

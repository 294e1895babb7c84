"""Write down what other programs must be told, in the transaction of the change itself.

What is told was committed, and what was committed is told: the worker finds the rows (`worker/webhooks.py`).
"""

import json
import secrets
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.events import EVENTS
from scheduler.models import EndpointState, WebhookDelivery, WebhookEndpoint


def emit(
    session: Session, at: datetime, event: str, *, course_id: int, infusion_id: int | None = None
) -> None:
    """Queue `event` for every endpoint that chose it and is not switched off.

    What is no key of `events.EVENTS`, such as a phone call, can be chosen by nobody and is told to nobody.
    """
    if event not in EVENTS:
        return
    told = session.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.state != EndpointState.OFF).order_by(WebhookEndpoint.id)
    ).all()
    event_id = new_event_id()
    for endpoint in told:
        if event in endpoint.events:
            session.add(delivery(endpoint.id, event_id, at, event, course_id, infusion_id))


def delivery(
    endpoint_id: int,
    event_id: str,
    at: datetime,
    event: str,
    course_id: int | None = None,
    infusion_id: int | None = None,
) -> WebhookDelivery:
    """The row of one event for one endpoint. Its body is made here, once."""
    data = {"course_id": course_id, "infusion_id": infusion_id}
    happened = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    body = {
        "type": event,
        "timestamp": happened,
        "data": {name: number for name, number in data.items() if number is not None},
    }
    return WebhookDelivery(
        endpoint_id=endpoint_id,
        event_id=event_id,
        event=event,
        course_id=course_id,
        infusion_id=infusion_id,
        body=json.dumps(body, separators=(",", ":")),
        created_at=at,
        next_try_at=at,
    )


def new_event_id() -> str:
    """A number by which receivers tell a repeat."""
    return f"evt_{secrets.token_hex(16)}"

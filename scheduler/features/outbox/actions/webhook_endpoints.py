"""Endpoints of webhooks: added, switched, tested, removed; and one event sent again."""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.events import delivery, new_event_id
from scheduler.features.outbox.events import EVENTS, TEST
from scheduler.features.outbox.webhook_address import checked_address
from scheduler.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

MOST = 20
KIND = "webhook_endpoint"


def add_endpoint(
    session: Session, actor: Actor, at: datetime, url: str, events: Collection[str], *, private: bool
) -> WebhookEndpoint:
    """Tell `url` of these events from now on. Raises RuleError (with `field`) for what can't be taken."""
    address = checked_address(url, private=private)
    chosen = [event for event in EVENTS if event in events]
    if not chosen or len(chosen) < len(set(events)):
        raise RuleError("Choose at least one event from the list.", field="events")
    if (session.scalar(select(func.count(WebhookEndpoint.id))) or 0) >= MOST:
        raise RuleError(f"There are {MOST} webhooks already. Remove one first.", field="url")
    endpoint = WebhookEndpoint(
        url=address, secret=_new_secret(), events=chosen, created_at=at, created_by_id=actor.user_id
    )
    session.add(endpoint)
    session.flush()
    record(session, actor, at, "webhook.added", KIND, endpoint.id, events=chosen)
    return endpoint


def switch_endpoint(session: Session, actor: Actor, at: datetime, endpoint_id: int, *, on: bool) -> None:
    """Switch an endpoint on or off. On, what waited goes out at once."""
    endpoint = _locked(session, endpoint_id)
    state = EndpointState.ON if on else EndpointState.OFF
    if endpoint.state is state:
        return
    endpoint.state, endpoint.reason, endpoint.failing_since = state, None, None
    if on:
        session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.status == DeliveryStatus.FAILED
            )
            .values(next_try_at=at)
        )
    record(session, actor, at, "webhook.switched", KIND, endpoint_id, state=state.value)


def remove_endpoint(session: Session, actor: Actor, at: datetime, endpoint_id: int) -> None:
    """Remove an endpoint and all that waits for it."""
    session.delete(_locked(session, endpoint_id))
    record(session, actor, at, "webhook.removed", KIND, endpoint_id)


def send_test(session: Session, actor: Actor, at: datetime, endpoint_id: int) -> WebhookDelivery:
    """Queue an event that tells of nothing. It is tried once, also where the endpoint is paused or off."""
    _locked(session, endpoint_id)
    row = delivery(endpoint_id, new_event_id(), at, TEST)
    session.add(row)
    record(session, actor, at, "webhook.tested", KIND, endpoint_id)
    return row


def resend_delivery(session: Session, actor: Actor, at: datetime, delivery_id: int) -> None:
    """Send an event again, under its own number. Raises ConflictError where it is on its way already."""
    row = session.scalars(
        select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such event. The list keeps those of 30 days.")
    if row.status in (DeliveryStatus.QUEUED, DeliveryStatus.SENDING):
        raise ConflictError("This event is on its way already. Look at its state in a minute.")
    was = row.status.value
    row.status, row.tries, row.next_try_at = DeliveryStatus.QUEUED, 0, at
    record(session, actor, at, "webhook.resent", "webhook_delivery", delivery_id, was=was)


def _locked(session: Session, endpoint_id: int) -> WebhookEndpoint:
    found = session.scalars(
        select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFoundError("There is no such webhook. It may have been removed.")
    return found


def _new_secret() -> str:
    """256 random bits as receivers' libraries read them."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode('ascii')}"

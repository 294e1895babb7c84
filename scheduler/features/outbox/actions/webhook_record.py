"""Write down what came of one try to deliver an event. Only the holder of its fence can.

An event that a receiver never takes is given up after `retries.MAX_ATTEMPTS` tries, so that it does not
hold up its course for good. A receiver that takes nothing at all for a day is paused instead: what happens
meanwhile waits, and nothing is lost.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from scheduler.actor import WORKER
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.record import Handover, Outcome
from scheduler.features.outbox.actions.webhook_claim import Parcel
from scheduler.features.outbox.events import TEST
from scheduler.features.outbox.retries import next_try
from scheduler.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

PAUSE_AFTER = timedelta(days=1)


def record_parcel(
    session: Session, at: datetime, parcel: Parcel, handover: Handover, chance: random.Random
) -> bool:
    """Record a try; False, and nothing is changed, where another worker has taken the event since."""
    row = session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.id == parcel.delivery_id,
            WebhookDelivery.fence == parcel.fence,
            WebhookDelivery.status == DeliveryStatus.SENDING,
        )
        .values(
            lease_until=None,
            lease_by=None,
            last_answer=handover.detail,
            **_after(at, parcel, handover, chance),
        )
        .returning(WebhookDelivery.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return False
    if parcel.event != TEST:
        _note_endpoint(session, at, parcel, handover)
    return True


def _after(at: datetime, parcel: Parcel, handover: Handover, chance: random.Random) -> dict[str, Any]:
    if handover.outcome is Outcome.SENT:
        return {"status": DeliveryStatus.SENT, "sent_at": at}
    again = next_try(at, parcel.tries, handover.retry_after_s, chance)
    if parcel.event == TEST or again is None:
        return {"status": DeliveryStatus.DEAD}
    return {"status": DeliveryStatus.FAILED, "next_try_at": again}


def _note_endpoint(session: Session, at: datetime, parcel: Parcel, handover: Handover) -> None:
    mine = update(WebhookEndpoint).where(WebhookEndpoint.id == parcel.endpoint_id)
    if handover.outcome is Outcome.SENT:
        session.execute(mine.where(WebhookEndpoint.failing_since.is_not(None)).values(failing_since=None))
        return
    session.execute(mine.values(failing_since=func.coalesce(WebhookEndpoint.failing_since, at)))
    reason = f"It has taken nothing for a day. The last try: {handover.detail}"
    paused = session.execute(
        mine.where(
            WebhookEndpoint.state == EndpointState.ON, WebhookEndpoint.failing_since <= at - PAUSE_AFTER
        )
        .values(state=EndpointState.PAUSED, reason=reason)
        .returning(WebhookEndpoint.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if paused is not None:
        record(session, WORKER, at, "webhook.paused", "webhook_endpoint", parcel.endpoint_id)

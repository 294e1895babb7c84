"""Take one event to deliver, so that no other worker takes it too, and none before its time.

As with messages (`claim.py`): one statement finds and takes, a lease lets others go on after a crash, a
fence keeps whoever was frozen from writing. Beside that, the events of one course reach an endpoint in
their order: while an earlier one is open, a later one waits. A receiver that is away is asked with one
event of each course, not with all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from scheduler.features.outbox.events import TEST
from scheduler.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

LEASE = timedelta(seconds=60)
"""Longer than twice the time of one try (`channels.webhook.TOTAL_S`)."""
OPEN = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.FAILED)


@dataclass(frozen=True)
class Parcel:
    """An event that is ours until the lease ends, and all that sending it takes."""

    delivery_id: int
    endpoint_id: int
    fence: int
    tries: int
    event: str
    event_id: str
    body: bytes
    url: str
    secret: str


def claim_parcel(session: Session, at: datetime, worker: str, skip: Collection[int] = ()) -> Parcel | None:
    """Take the event that has waited longest past its time, but none for the endpoints in `skip`."""
    earlier = aliased(WebhookDelivery)
    is_later = exists().where(
        earlier.endpoint_id == WebhookDelivery.endpoint_id,
        earlier.course_id == WebhookDelivery.course_id,
        earlier.id < WebhookDelivery.id,
        earlier.status.in_(OPEN),
    )
    due = (
        select(WebhookDelivery.id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(
            WebhookDelivery.status.in_(OPEN),
            WebhookDelivery.next_try_at <= at,
            or_(WebhookEndpoint.state == EndpointState.ON, WebhookDelivery.event == TEST),
            WebhookDelivery.endpoint_id.not_in(skip),
            ~is_later,
        )
        .order_by(WebhookDelivery.next_try_at, WebhookDelivery.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
    )
    row = session.scalar(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == due.scalar_subquery())
        .values(
            status=DeliveryStatus.SENDING,
            lease_by=worker,
            lease_until=at + LEASE,
            next_try_at=at + LEASE,  # A lease that runs out makes the event due again.
            fence=WebhookDelivery.fence + 1,
            tries=WebhookDelivery.tries + 1,
        )
        .returning(WebhookDelivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    if row is None:
        return None
    endpoint = session.get_one(WebhookEndpoint, row.endpoint_id)
    return Parcel(
        row.id, endpoint.id, row.fence, row.tries, row.event, row.event_id, row.body.encode(),
        endpoint.url, endpoint.secret,
    )  # fmt: skip

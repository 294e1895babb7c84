"""Where other programs are told of changes, and each thing that they were told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class EndpointState(StrEnum):
    """Whether an endpoint is told. `paused` by the worker, which keeps what happens meanwhile; `off` by a
    person, and then nothing is kept."""

    ON = "on"
    PAUSED = "paused"
    OFF = "off"


class DeliveryStatus(StrEnum):
    """Where an event stands on its way to one endpoint. The first three are open; `failed` is tried again,
    `dead` was given up and can be resent by hand."""

    QUEUED = "queued"
    SENDING = "sending"
    FAILED = "failed"
    SENT = "sent"
    DEAD = "dead"


class WebhookEndpoint(Base):
    """An address that is told of events. The `secret` is kept as it is, because every request is signed.

    `failing_since` is the first failure after the last success; `reason` says why it is paused.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (CheckConstraint("state <> 'paused' OR reason IS NOT NULL", name="reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[str]] = mapped_column(Json, default=list)
    state: Mapped[EndpointState] = mapped_column(enum_type(EndpointState, "state"), default=EndpointState.ON)
    reason: Mapped[str | None]
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class WebhookDelivery(Base):
    """One event for one endpoint. `body` is fixed when it is written, so every try sends the same bytes.

    `fence` rises with each claim: who holds an old one can record nothing. A test event has no course.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("event_id", "endpoint_id"),
        CheckConstraint("tries >= 0 AND fence >= 0", name="counts"),
        Index("ix_webhook_deliveries_due", "status", "next_try_at"),
        Index("ix_webhook_deliveries_order", "endpoint_id", "course_id", "id"),
        Index(None, "course_id"),
        Index(None, "infusion_id"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event_id: Mapped[str]
    event: Mapped[str]
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    body: Mapped[str]
    status: Mapped[DeliveryStatus] = mapped_column(
        enum_type(DeliveryStatus, "status"), default=DeliveryStatus.QUEUED
    )
    created_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None]
    fence: Mapped[int] = mapped_column(default=0)
    last_answer: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

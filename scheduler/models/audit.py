"""The audit trail: who did or read what, and when. Rows are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json


class AuditEvent(Base):
    """One deed. `detail` holds ids, counts and field names, never health data or contents.

    Foreign keys are left out on purpose but for the actor: the trail outlives what it speaks of.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "patient_id", "at"),
        Index(None, "entity", "entity_id"),
        Index(None, "at"),
        Index(None, "actor_id", "id"),
        Index(None, "action", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[int | None]
    patient_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class AuditSeal(Base):
    """A seal over all events after the last one of the seal before, up to `last_event_id`. Never changed.

    `digest` is the SHA-256, in hex, over `previous` (the digest of the seal before, empty for the first) and
    the events: whoever changes an event, or leaves one out, breaks this seal and all that follow it.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (
        UniqueConstraint("last_event_id"),
        UniqueConstraint("previous"),
        CheckConstraint("events > 0 AND first_event_id <= last_event_id", name="events"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_event_id: Mapped[int]
    last_event_id: Mapped[int]
    events: Mapped[int]
    previous: Mapped[str]
    digest: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(Instant)


class AuditCheck(Base):
    """One look whether the events still fit their seals; without an end it waits for the worker.

    `problem` says in a sentence what does not fit, and is empty where all does.
    """

    __tablename__ = "audit_checks"
    __table_args__ = (Index(None, "finished_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    events: Mapped[int] = mapped_column(default=0)
    seals: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")

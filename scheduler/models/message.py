"""The outbox, the attempts to deliver it, the rules that reminders are derived from, the worker's pulse."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class Channel(StrEnum):
    """The way a message goes."""

    EMAIL = "email"
    SMS = "sms"


class Purpose(StrEnum):
    """Why a message is sent."""

    BOOKING_CONFIRMATION = "booking_confirmation"
    REMINDER = "reminder"
    VISIT_MOVED = "visit_moved"
    VISIT_CANCELLED = "visit_cancelled"


class MessageStatus(StrEnum):
    """Where a message stands (MESSAGES.md, section 1).

    queued and sending are open; `void` was overtaken by a change of the visit; `dead` failed
    for good and can be resent by hand; `unknown` may or may not have arrived.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    VOID = "void"


class Message(Base):
    """An outbox row. It holds purpose, references, language and the revision's facts; the bytes are made
    when it is first claimed and kept for retries. `message_id` is fixed when the row is written.

    `due_at` is when it may first go; `next_attempt_at` moves with each retry. `fence` rises with each
    claim: who holds an old one can record nothing.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        UniqueConstraint("message_id"),
        CheckConstraint("attempts >= 0 AND fence >= 0", name="counts"),
        Index("ix_messages_open", "status", "next_attempt_at"),
        Index(None, "patient_id", "created_at"),
        Index(None, "infusion_id"),
        Index(None, "course_id"),
        Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str]
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "purpose"))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    status: Mapped[MessageStatus] = mapped_column(
        enum_type(MessageStatus, "status"), default=MessageStatus.QUEUED
    )
    reason: Mapped[str | None]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    schedule_version: Mapped[int | None]
    language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    message_id: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_by: Mapped[str | None]
    fence: Mapped[int] = mapped_column(default=0)
    recipient: Mapped[str | None]
    subject: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    rendered_at: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)


class MessageAttempt(Base):
    """One try to deliver a message, and what came of it. Rows are only ever added."""

    __tablename__ = "message_attempts"
    __table_args__ = (Index(None, "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant)
    fence: Mapped[int]
    worker: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")


class ReminderRule(Base):
    """Remind this many local days before each visit, by this channel."""

    __tablename__ = "reminder_rules"
    __table_args__ = (
        UniqueConstraint("channel", "days_before"),
        CheckConstraint("days_before BETWEEN 0 AND 30", name="days_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    days_before: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class WorkerTick(Base):
    """The pulse of each worker: when it last looked, and what it found."""

    __tablename__ = "worker_ticks"

    worker: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_tick_at: Mapped[datetime] = mapped_column(Instant)
    ticks: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]

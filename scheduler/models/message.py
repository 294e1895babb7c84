"""The outbox, what came in, the rules and words of reminders, the worker's pulse."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class Channel(StrEnum):
    """The way a message goes."""

    EMAIL = "email"
    SMS = "sms"


class Purpose(StrEnum):
    """Why a message is sent."""

    BOOKING_CONFIRMATION = "booking_confirmation"
    INVITATION = "invitation"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    REMINDER = "reminder"
    VISIT_MOVED = "visit_moved"
    VISIT_CANCELLED = "visit_cancelled"
    ANSWER = "answer"
    TEST = "test"
    DIGEST = "digest"
    QUESTIONS = "questions"
    REQUEST_RECEIVED = "request_received"
    CONSULTATION_BOOKED = "consultation_booked"
    CONSULTATION_MOVED = "consultation_moved"
    CONSULTATION_CANCELLED = "consultation_cancelled"
    CONSULTATION_REMINDER = "consultation_reminder"
    PAGES = "pages"
    CONSENTS = "consents"
    ACCOUNT = "account"


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


IS_OPEN = "(status || '') IN ('queued', 'sending')"
"""The condition of the indexes over what is still to be sent. A query says it in these words to use them. The
empty text keeps SQLite from looking the two states up elsewhere and sorting all that waits for each claim."""


class Message(Base):
    """An outbox row. It holds purpose, references, language and the revision's facts; the bytes are made
    when it is first claimed and kept for retries. `message_id` is fixed when the row is written.

    `due_at` is when it may first go; `next_attempt_at` moves with each retry. `fence` rises with each
    claim: who holds an old one can record nothing. It is for a patient, for whoever asked for a consultation
    (`request_id`), or (a test, a digest) for a member of staff. `provider_id` is the gateway's own number of
    a text and `receipt` what it reported last; `segments` is how many texts it was counted as.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        UniqueConstraint("message_id"),
        CheckConstraint("attempts >= 0 AND fence >= 0", name="counts"),
        CheckConstraint(
            "(CASE WHEN patient_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN request_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="recipient",
        ),
        Index("ix_messages_open", "status", "next_attempt_at"),
        # What a claim walks, from the first that is due, however long the queue is behind it...
        Index(
            "ix_messages_queue",
            "next_attempt_at",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        # ...and where it finds what the same patient is still to get before.
        Index(
            "ix_messages_order",
            "patient_id",
            "channel",
            "id",
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index(None, "patient_id", "created_at"),
        Index(None, "infusion_id"),
        Index(None, "consultation_id"),
        Index(None, "course_id"),
        Index(None, "created_at"),
        Index(None, "provider_id"),
        Index(None, "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str]
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "purpose"))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    status: Mapped[MessageStatus] = mapped_column(
        enum_type(MessageStatus, "status"), default=MessageStatus.QUEUED
    )
    reason: Mapped[str | None]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation_requests.id", ondelete="RESTRICT")
    )
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id", ondelete="RESTRICT"))
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
    provider_id: Mapped[str | None]
    segments: Mapped[int | None]
    receipt: Mapped[str | None]
    receipt_at: Mapped[datetime | None] = mapped_column(Instant)


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
    """Remind this many local days before each visit, by this channel.

    Of one protocol (`protocol_id`), or of all that have no rules of their own. What was due before `since`,
    when it was made or switched on, is not caught up with.
    """

    __tablename__ = "reminder_rules"
    __table_args__ = (
        Index(
            "uq_reminder_rules_protocol",
            "protocol_id",
            "channel",
            "days_before",
            unique=True,
            sqlite_where=text("protocol_id IS NOT NULL"),
            postgresql_where=text("protocol_id IS NOT NULL"),
        ),
        Index(
            "uq_reminder_rules_all",
            "channel",
            "days_before",
            unique=True,
            sqlite_where=text("protocol_id IS NULL"),
            postgresql_where=text("protocol_id IS NULL"),
        ),
        CheckConstraint("days_before BETWEEN 0 AND 30", name="days_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int | None] = mapped_column(ForeignKey("protocols.id", ondelete="CASCADE"))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    days_before: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime | None] = mapped_column(Instant)


class MessageTemplate(Base):
    """The clinic's own words for one purpose, channel and language, for one protocol or for all.

    Without a row the words that ship hold. `body` has named places such as {date}, nothing that is run.
    """

    __tablename__ = "message_templates"
    __table_args__ = (
        Index(
            "uq_message_templates_protocol",
            "protocol_id",
            "purpose",
            "channel",
            "language",
            unique=True,
            sqlite_where=text("protocol_id IS NOT NULL"),
            postgresql_where=text("protocol_id IS NOT NULL"),
        ),
        Index(
            "uq_message_templates_all",
            "purpose",
            "channel",
            "language",
            unique=True,
            sqlite_where=text("protocol_id IS NULL"),
            postgresql_where=text("protocol_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int | None] = mapped_column(ForeignKey("protocols.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "purpose"))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    language: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SendingPause(Base):
    """All sending was stopped by a person, until somebody let it go on. The last row holds."""

    __tablename__ = "sending_pauses"
    __table_args__ = (Index(None, "resumed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paused_at: Mapped[datetime] = mapped_column(Instant)
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reason: Mapped[str]
    resumed_at: Mapped[datetime | None] = mapped_column(Instant)
    resumed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class InboundMessage(Base):
    """A text or a calendar reply that came in, and what was made of it. `provider_id` makes it count once.

    `understood` is the word that was recognised; `outcome` says in words what followed. Bodies go after 90
    days. `said_at` is when a calendar says that it was answered: mails overtake each other on their way.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index(None, "sender", "received_at"),
        Index(None, "patient_id", "received_at"),
        Index(None, "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    provider_id: Mapped[str]
    sender: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(Instant)
    said_at: Mapped[datetime | None] = mapped_column(Instant)
    body: Mapped[str | None]
    understood: Mapped[str]
    outcome: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="SET NULL"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="SET NULL"))


class WorkerTick(Base):
    """The pulse of each worker: when it last looked, and what it found."""

    __tablename__ = "worker_ticks"

    worker: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    last_tick_at: Mapped[datetime] = mapped_column(Instant)
    ticks: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]

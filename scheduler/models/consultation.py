"""From a question to a course: who asked for a consultation, what was done about it, and the appointment."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class RequestStatus(StrEnum):
    """Where a request stands. What follows "suitable" (consents, ratings, course) is read from the patient.

    new -> contacted -> booked -> seen -> suitable | not now | referred; `closed` ends it at any step.
    """

    NEW = "new"
    CONTACTED = "contacted"
    BOOKED = "booked"
    SEEN = "seen"
    SUITABLE = "suitable"
    NOT_NOW = "not_now"
    REFERRED = "referred"
    CLOSED = "closed"


class ConsultationRequest(Base):
    """Somebody who asks for a consultation, on the public page or on the phone.

    `request_key` makes a repeated post find this row. `half_days` are those of the week that suit, such as
    `["0a", "3p"]`; `way` is how they would like to talk. `consent_words` is the sentence that was agreed to.
    `guardian_name` is who asks for somebody under 18. `patient_id` is whom the request became, or was from
    the start where a patient asks again. Where nothing comes of it the person is erased: the row stays for
    the counts, without name, address or number, and `erased_at` says when. `found_by` holds the folded words
    that a search compares (features/intake/found.py).
    """

    __tablename__ = "consultation_requests"
    __table_args__ = (
        UniqueConstraint("request_key"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        CheckConstraint("way IN ('in_person', 'phone', 'video')", name="way"),
        CheckConstraint("source IN ('page', 'desk')", name="source"),
        CheckConstraint("erased_at IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL", name="reachable"),
        CheckConstraint("status <> 'suitable' OR patient_id IS NOT NULL", name="suitable"),
        Index(None, "status", "status_since"),
        Index(None, "patient_id"),
        Index(None, "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    source: Mapped[str]
    request_key: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    half_days: Mapped[list[str]] = mapped_column(Json, default=list)
    way: Mapped[str] = mapped_column(default="in_person")
    birth_date: Mapped[date | None]
    is_minor: Mapped[bool] = mapped_column(default=False)
    guardian_name: Mapped[str] = mapped_column(default="")
    consent_at: Mapped[datetime] = mapped_column(Instant)
    consent_words: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[RequestStatus] = mapped_column(
        enum_type(RequestStatus, "status"), default=RequestStatus.NEW
    )
    status_since: Mapped[datetime] = mapped_column(Instant)
    status_reason: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    next_step: Mapped[str] = mapped_column(default="")
    next_due: Mapped[date | None]
    found_by: Mapped[str] = mapped_column(default="")
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    erased_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    @property
    def name(self) -> str:
        """Given name, then family name, as people say it; one of both may be all there is."""
        return f"{self.given_name} {self.family_name}".strip()


class RequestEvent(Base):
    """One thing that happened to a request; rows are only ever added. `facts` holds what its words need."""

    __tablename__ = "request_events"
    __table_args__ = (Index(None, "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("consultation_requests.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor: Mapped[str]
    step: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Consultation(Base):
    """Fifteen minutes of a clinician, in person, by phone or by video; the time is theirs and no chair's.

    A moved one stays the same row: `schedule_version` rises. `ics_*` are the calendar facts that outlive
    every change (MESSAGES.md, section 4).
    """

    __tablename__ = "consultations"
    __table_args__ = (
        UniqueConstraint("ics_uid"),
        UniqueConstraint("booking_key"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("way IN ('in_person', 'phone', 'video')", name="way"),
        CheckConstraint("status IN ('scheduled', 'seen', 'missed', 'cancelled')", name="status"),
        CheckConstraint("confirmation IN ('none', 'confirmed', 'change_asked')", name="confirmation"),
        Index(None, "clinician_id", "starts_at"),
        Index(None, "site_id", "starts_at"),
        Index(None, "request_id"),
        Index(
            "uq_consultations_open",
            "request_id",
            unique=True,
            sqlite_where=text("status = 'scheduled'"),
            postgresql_where=text("status = 'scheduled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("consultation_requests.id", ondelete="RESTRICT"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    way: Mapped[str]
    status: Mapped[str] = mapped_column(default="scheduled")
    status_reason: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    local_day: Mapped[date]
    confirmation: Mapped[str] = mapped_column(default="none")
    confirmation_at: Mapped[datetime | None] = mapped_column(Instant)
    arrived_at: Mapped[datetime | None] = mapped_column(Instant)
    booked_at: Mapped[datetime] = mapped_column(Instant)
    booking_key: Mapped[str]
    schedule_version: Mapped[int] = mapped_column(default=1)
    ics_uid: Mapped[str]
    ics_sequence: Mapped[int] = mapped_column(default=0)
    ics_dtstamp: Mapped[datetime] = mapped_column(Instant)
    ics_organizer: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class ConsultationLink(Base):
    """A link to the page of one consultation, for whoever asked for it. The row knows only the token's hash.

    It opens the page until a day after the appointment as that stands now, so it follows when it is moved.
    """

    __tablename__ = "consultation_links"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "consultation_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)

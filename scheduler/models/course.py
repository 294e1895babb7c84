"""Courses and their infusions: the rows that must never overlap."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, Instant, Json, enum_type
from scheduler.models.patient import Patient
from scheduler.models.protocol import ProtocolVersion
from scheduler.models.site import Chair, Site


class CourseStatus(StrEnum):
    """Where a course stands (DESIGN.md, section 2)."""

    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    DISCONTINUED = "discontinued"


class InfusionStatus(StrEnum):
    """Where an infusion stands (DESIGN.md, section 2)."""

    SCHEDULED = "scheduled"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Course(Base):
    """One patient's run of a protocol version, at one site.

    `booking_key` makes a repeated post find this course; `booking_digest` tells a repeat from
    another order under the same key. `wishes` keeps what was asked for when it was booked
    (weekly windows, blackouts, preferred hours), so that later moves respect it. `bend` names the one
    rule of the protocol that a clinician bent for this course, with their reason. `entered` marks a course
    that began before the clinic used Sixfold. While a course is on hold, its visits are kept until
    `hold_until`; without a date they were released. `closed_at` is when it was completed or discontinued.
    `signatures` is how many clinicians signed the course log.
    """

    __tablename__ = "courses"
    __table_args__ = (
        UniqueConstraint("booking_key"),
        CheckConstraint("(bend IS NULL) = (bend_reason IS NULL)", name="bend"),
        UniqueConstraint("id", "patient_id", name="uq_courses_id_patient_id"),
        Index(None, "patient_id"),
        Index(None, "site_id", "status"),
        # The newest past courses stand beside a running one: whoever asks stops after some hundred.
        Index("ix_courses_closed", "closed_at", "id"),
        # What is to be signed is counted on each page of a clinician, without a walk over years of courses.
        Index(None, "signatures", "site_id"),
        CheckConstraint("signatures BETWEEN 0 AND 2", name="signatures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    protocol_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_versions.id", ondelete="RESTRICT"))
    status: Mapped[CourseStatus] = mapped_column(
        enum_type(CourseStatus, "status"), default=CourseStatus.ACTIVE
    )
    status_reason: Mapped[str | None]
    wishes: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    booking_key: Mapped[str]
    booking_digest: Mapped[str]
    bend: Mapped[str | None]
    bend_reason: Mapped[str | None]
    booked_at: Mapped[datetime] = mapped_column(Instant)
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    entered: Mapped[bool] = mapped_column(default=False)
    hold_until: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    signatures: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    patient: Mapped[Patient] = relationship(viewonly=True)
    site: Mapped[Site] = relationship(viewonly=True)
    protocol_version: Mapped[ProtocolVersion] = relationship(viewonly=True)
    infusions: Mapped[list["Infusion"]] = relationship(
        order_by="Infusion.number, Infusion.id", back_populates="course"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class Infusion(Base):
    """One visit. Its phases and nurse load follow from the course's protocol version.

    `patient_id` and `site_id` repeat the course's (composite keys hold them true), because
    the database itself forbids overlaps per patient and per chair. `local_day` is the date at
    the site; `chair_until` is `ends_at` and the site's turnover. `ics_*` are the calendar facts
    that outlive every change (MESSAGES.md, section 4). Only a visit that was over when the clinic moved
    in has no chair. `started_at` is when the patient was seated;
    `expected_at` is when a late patient said they would come; `counts` is a clinician's word
    on an infusion that was stopped early (None: not yet said). `replaces_id` is the missed or cancelled visit
    in whose place this one stands.
    """

    __tablename__ = "infusions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["course_id", "patient_id"],
            ["courses.id", "courses.patient_id"],
            ondelete="CASCADE",
            onupdate="CASCADE",
            name="fk_infusions_course_patient",
        ),
        ForeignKeyConstraint(
            ["chair_id", "site_id"],
            ["chairs.id", "chairs.site_id"],
            ondelete="RESTRICT",
            name="fk_infusions_chair_site",
        ),
        CheckConstraint("starts_at < ends_at AND ends_at <= chair_until", name="order"),
        CheckConstraint("number BETWEEN 1 AND 24", name="number"),
        CheckConstraint("confirmation IN ('none', 'confirmed', 'change_asked')", name="confirmation"),
        CheckConstraint(
            "confirmation_source IS NULL OR confirmation_source IN ('page', 'text', 'calendar', 'desk')",
            name="confirmation_source",
        ),
        CheckConstraint(
            "chair_id IS NOT NULL OR status IN ('completed', 'missed', 'cancelled')", name="chair_while_open"
        ),
        CheckConstraint("counts IS NULL OR stopped_early", name="counts"),
        UniqueConstraint("ics_uid"),
        Index(
            "uq_infusions_open_number",
            "course_id",
            "number",
            unique=True,
            sqlite_where=text("status NOT IN ('missed', 'cancelled')"),
            postgresql_where=text("status NOT IN ('missed', 'cancelled')"),
        ),
        # Reports count whole years: what they read stands in the index, so that they never go to the rows.
        Index(
            "ix_infusions_site_start",
            "site_id",
            "starts_at",
            "status",
            "course_id",
            "chair_id",
            "arrived_at",
            "scheduled_at",
        ),
        Index("ix_infusions_course", "course_id", "number", "status", "schedule_version", "local_day"),
        Index("ix_infusions_chair_start", "chair_id", "starts_at"),
        Index("ix_infusions_patient_start", "patient_id", "starts_at"),
        Index("ix_infusions_status_start", "status", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int]
    patient_id: Mapped[int]
    site_id: Mapped[int]
    chair_id: Mapped[int | None]
    number: Mapped[int]
    status: Mapped[InfusionStatus] = mapped_column(
        enum_type(InfusionStatus, "status"), default=InfusionStatus.SCHEDULED
    )
    status_reason: Mapped[str | None]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    chair_until: Mapped[datetime] = mapped_column(Instant)
    local_day: Mapped[date]
    confirmation: Mapped[str] = mapped_column(default="none")
    confirmation_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmation_source: Mapped[str | None]
    arrived_at: Mapped[datetime | None] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    expected_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_early: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[bool | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="SET NULL"))
    schedule_version: Mapped[int] = mapped_column(default=1)
    scheduled_at: Mapped[datetime] = mapped_column(Instant)
    ics_uid: Mapped[str]
    ics_sequence: Mapped[int] = mapped_column(default=0)
    ics_dtstamp: Mapped[datetime] = mapped_column(Instant)
    ics_organizer: Mapped[str]

    course: Mapped[Course] = relationship(
        back_populates="infusions",
        foreign_keys="Infusion.course_id",
        primaryjoin="Infusion.course_id == Course.id",
    )
    chair: Mapped[Chair | None] = relationship(
        viewonly=True, foreign_keys="Infusion.chair_id", primaryjoin="Infusion.chair_id == Chair.id"
    )

    @property
    def counted(self) -> bool:
        """Whether it is one of the "4 of 6": completed, and if it was stopped early, a clinician said so."""
        return self.status is InfusionStatus.COMPLETED and (not self.stopped_early or self.counts is True)

"""Ratings: a patient's answers to an instrument at a time point, and the links and tablets they come by."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class TimePoint(StrEnum):
    """When, against the infusions of its course, a rating is due (CLINICAL.md, section 4)."""

    BASELINE = "baseline"
    PRE = "pre"
    POST_2H = "post_2h"
    DAY_1 = "day_1"
    DAY_2_7 = "day_2_7"
    WEEKLY = "weekly"


class RatingSource(StrEnum):
    """By which way the answers came: the patient's own link, a tablet of the clinic, or the staff."""

    PATIENT = "patient"
    KIOSK = "kiosk"
    STAFF = "staff"


OF_COURSE = "time_point IN ('baseline', 'weekly')"


class Rating(Base):
    """Answers and their total. A correction is a new row; the old one keeps its text and gets `voided_at`.

    `rated_at` is when the patient answered, `entered_at` when it reached us. An answer that was left out is
    null, and then `total` is None: incomplete, never 0. A baseline and a weekly rating belong to the course,
    all others to one infusion of it; `week` counts from 1 after the last infusion and is 0 elsewhere. `key`
    makes the same answers, sent twice over a bad line, count once.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void"),
        CheckConstraint(f"({OF_COURSE}) = (infusion_id IS NULL)", name="infusion"),
        CheckConstraint("(time_point = 'weekly') = (week > 0) AND week BETWEEN 0 AND 52", name="week"),
        UniqueConstraint("key"),
        Index(
            "uq_ratings_current",
            "infusion_id",
            "instrument",
            "time_point",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index(
            "uq_ratings_current_of_course",
            "course_id",
            "instrument",
            "time_point",
            "week",
            unique=True,
            sqlite_where=text("voided_at IS NULL AND infusion_id IS NULL"),
            postgresql_where=text("voided_at IS NULL AND infusion_id IS NULL"),
        ),
        Index(None, "course_id", "rated_at"),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    instrument: Mapped[str]
    instrument_version: Mapped[int]
    language: Mapped[str]
    time_point: Mapped[TimePoint] = mapped_column(enum_type(TimePoint, "time_point"))
    week: Mapped[int] = mapped_column(default=0)
    answers: Mapped[list[Any]] = mapped_column(Json)
    total: Mapped[int | None]
    source: Mapped[RatingSource] = mapped_column(enum_type(RatingSource, "source"))
    rated_at: Mapped[datetime] = mapped_column(Instant)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    key: Mapped[str | None]
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    void_reason: Mapped[str | None]


class RatingLink(Base):
    """A link to the questions of one time point, for one patient, once (SECURITY.md 2).

    The row knows only the SHA-256 of the token. A link that was used says so when it is opened again; a
    revoked one, an expired one and one that never was are the same.
    """

    __tablename__ = "rating_links"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint(f"({OF_COURSE}) = (infusion_id IS NULL)", name="infusion"),
        Index(None, "course_id"),
        Index(None, "infusion_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    time_point: Mapped[TimePoint] = mapped_column(enum_type(TimePoint, "time_point"))
    week: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Kiosk(Base):
    """A tablet that was handed to a patient: its browser holds the token and can do nothing else.

    It shows the questions of a visit, or to a patient (`patient_id`) the documents that are to be signed. It
    ends when somebody of the staff signs in on it, when whoever handed it over types their PIN, or at
    `expires_at`. `wrong_pins` counts the tries at that PIN; from `pin_ended_at` on it opens nothing, because
    the log-ins of its owner were ended.
    """

    __tablename__ = "kiosks"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("(infusion_id IS NULL) <> (patient_id IS NULL)", name="shows"),
        Index(None, "infusion_id"),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    started_at: Mapped[datetime] = mapped_column(Instant)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    wrong_pins: Mapped[int] = mapped_column(default=0)
    pin_ended_at: Mapped[datetime | None] = mapped_column(Instant)

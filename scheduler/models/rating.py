"""Ratings: a patient's answers to an instrument at a time point."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class TimePoint(StrEnum):
    """When, against the infusion, a rating is due (CLINICAL.md, section 4)."""

    PRE = "pre"
    POST_2H = "post_2h"


class Rating(Base):
    """Answers and their total. A correction is a new row; the old one keeps its text and gets `voided_at`.

    `rated_at` is when the patient answered, `entered_at` when it reached us. `total` is None where an
    item is missing: incomplete, never 0.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void"),
        Index(
            "uq_ratings_current",
            "infusion_id",
            "instrument",
            "time_point",
            unique=True,
            sqlite_where=text("voided_at IS NULL"),
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    infusion_id: Mapped[int] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    instrument: Mapped[str]
    instrument_version: Mapped[int]
    language: Mapped[str]
    time_point: Mapped[TimePoint] = mapped_column(enum_type(TimePoint, "time_point"))
    answers: Mapped[list[Any]] = mapped_column(Json)
    total: Mapped[int | None]
    rated_at: Mapped[datetime] = mapped_column(Instant)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    void_reason: Mapped[str | None]

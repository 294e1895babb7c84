"""Screenings: the checklist of the intake, as it is typed, as a clinician signed it, and what was added."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json


class Screening(Base):
    """One screening of somebody who asked (`request_id`), or of a patient, or of both.

    `form` is the version of the questions, and `answers` what was typed, by the name of the field: it is a
    draft until a clinician signs it. `version` counts the saves, so that two people who type at once never
    overwrite each other unseen. `record` is then canonical JSON and `digest` its SHA-256; a trigger refuses
    every change from there on, so that `patient_id` alone may follow a merge of two records. `previous_id` is
    the signed screening that stood beside this one.
    """

    __tablename__ = "screenings"
    __table_args__ = (
        CheckConstraint("request_id IS NOT NULL OR patient_id IS NOT NULL", name="whose"),
        CheckConstraint("outcome IN ('suitable', 'not_now', 'referred')", name="outcome"),
        CheckConstraint(
            "(signed_at IS NULL) = (record IS NULL) AND (signed_at IS NULL) = (digest IS NULL) "
            "AND (signed_at IS NULL) = (outcome IS NULL) AND (signed_at IS NULL) = (signed_by_id IS NULL)",
            name="signed",
        ),
        CheckConstraint(
            "signed_at IS NULL OR outcome <> 'suitable' OR patient_id IS NOT NULL", name="suitable"
        ),
        Index(None, "patient_id", "signed_at"),
        Index(
            "uq_screenings_draft_of_request",
            "request_id",
            unique=True,
            sqlite_where=text("signed_at IS NULL AND request_id IS NOT NULL"),
            postgresql_where=text("signed_at IS NULL AND request_id IS NOT NULL"),
        ),
        Index(None, "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation_requests.id", ondelete="RESTRICT")
    )
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("screenings.id", ondelete="RESTRICT"))
    form: Mapped[int]
    answers: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    version: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime] = mapped_column(Instant)
    begun_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    outcome: Mapped[str | None]
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    record: Mapped[str | None]
    digest: Mapped[str | None]


class ScreeningSave(Base):
    """One save of a draft. Rows are only ever added; `changes` gives each field before and after."""

    __tablename__ = "screening_saves"
    __table_args__ = (UniqueConstraint("screening_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id", ondelete="RESTRICT"))
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    changes: Mapped[dict[str, list[Any]]] = mapped_column(Json)


class ScreeningAddendum(Base):
    """What a signed screening gets wrong, beside it. `key` keeps a form that is sent twice from adding it
    twice; `digest` covers all it says and the digest of the screening. Rows are only ever added.
    """

    __tablename__ = "screening_addenda"
    __table_args__ = (UniqueConstraint("key"), Index(None, "screening_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id", ondelete="RESTRICT"))
    words: Mapped[str]
    reason: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    key: Mapped[str]
    digest: Mapped[str]


class ScreeningRules(Base):
    """What the clinic asks of a screening; without its one row the usual numbers hold.

    `trials_needed` is how many medicine trials without response are looked for, `valid_days` how long a
    signed screening holds for a new course.
    """

    __tablename__ = "screening_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("trials_needed BETWEEN 0 AND 5", name="trials_needed"),
        CheckConstraint("valid_days BETWEEN 7 AND 730", name="valid_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    trials_needed: Mapped[int]
    valid_days: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)

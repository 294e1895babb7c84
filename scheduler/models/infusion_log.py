"""Infusion logs: what was found, given and seen in one infusion."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class LogStatus(StrEnum):
    """A log is written (`draft`), holds all it must (`complete`), and is frozen by a clinician (`signed`)."""

    DRAFT = "draft"
    COMPLETE = "complete"
    SIGNED = "signed"


class InfusionLog(Base):
    """The fields of one infusion's log; None where nobody said anything yet.

    Weights are whole grams, drug is whole micrograms, so that no dose depends on how a machine rounds. A
    question with answers of its own holds the code of one. `checks` are the answers to the site's discharge
    list by the id of the item; `rules` are the limits that held when the log was begun (`chart_rules`).
    """

    __tablename__ = "infusion_logs"
    __table_args__ = (
        UniqueConstraint("infusion_id"),
        Index(None, "status", "infusion_id"),  # What is not signed yet, of all logs of all years.
        CheckConstraint("weight_g BETWEEN 20000 AND 300000", name="weight"),
        CheckConstraint("dose_ug_per_kg BETWEEN 0 AND 3000", name="dose_per_kg"),
        CheckConstraint("dose_ug BETWEEN 0 AND 900000", name="dose"),
        CheckConstraint("cadss BETWEEN 0 AND 24", name="cadss"),
        CheckConstraint("started_at <= stopped_at", name="order"),
        CheckConstraint("(status = 'draft') = (completed_at IS NULL)", name="completed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    infusion_id: Mapped[int] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    status: Mapped[LogStatus] = mapped_column(enum_type(LogStatus, "status"), default=LogStatus.DRAFT)
    begun_at: Mapped[datetime] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rules: Mapped[dict[str, int]] = mapped_column(Json)

    identity_checked: Mapped[str | None]
    fasting_solids: Mapped[str | None]
    fasting_liquids: Mapped[str | None]
    consent_on_file: Mapped[str | None]
    pregnancy_test: Mapped[str | None]
    escort_named: Mapped[str | None]
    benzodiazepine: Mapped[str | None]
    lamotrigine: Mapped[str | None]
    medicine_changes: Mapped[str | None]

    weight_g: Mapped[int | None]
    dose_ug_per_kg: Mapped[int | None]
    concentration_ug_per_ml: Mapped[int | None]
    minutes: Mapped[int | None]
    dose_ug: Mapped[int | None]
    rate_ug_per_h: Mapped[int | None]
    drug: Mapped[str | None]
    lot: Mapped[str | None]
    expiry: Mapped[date | None]
    route: Mapped[str | None]

    started_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    cadss: Mapped[int | None]

    checks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    escort_came: Mapped[str | None]
    escort_name: Mapped[str | None]
    escort_at: Mapped[datetime | None] = mapped_column(Instant)
    escort_absent_done: Mapped[str | None]
    escort_absent_note: Mapped[str | None]
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    leave_reason: Mapped[str | None]
    notes: Mapped[str | None]


class InfusionLogSave(Base):
    """One save of one group of fields. Rows are only ever added.

    `changes` gives each changed field's value before and after. The number of the last save is the version
    of the group: two people who save on top of the same one meet at the unique constraint.
    """

    __tablename__ = "infusion_log_saves"
    __table_args__ = (UniqueConstraint("log_id", "part", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("infusion_logs.id", ondelete="RESTRICT"))
    part: Mapped[str]
    version: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    changes: Mapped[dict[str, list[Any]]] = mapped_column(Json)

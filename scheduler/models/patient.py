"""Patients, when they can come, and the keys they are found by."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, ByteText, Instant, Json


class Patient(Base):
    """A person who is treated. `phone` is E.164, `email` normalised; `version` guards against lost edits.

    `guardian_name` is who signs for somebody under 18, and is reached for them.
    A record that was merged into another one keeps its row, archived: `merged_into_id` leads on, and `merge`
    holds what moved and what the kept record took over, so that it can be undone.
    """

    __tablename__ = "patients"
    __table_args__ = (
        UniqueConstraint("record_number"),
        Index(None, "family_name", "given_name", "id"),
        CheckConstraint("language IN ('en', 'es')", name="language"),
        CheckConstraint("merged_into_id IS NULL OR archived_at IS NOT NULL", name="merged"),
        Index(None, "merged_into_id"),
        # Few live in another zone than their site's: which ones there are is asked at every tick.
        Index(
            "ix_patients_own_zone",
            "time_zone",
            sqlite_where=text("time_zone IS NOT NULL"),
            postgresql_where=text("time_zone IS NOT NULL"),
        ),
        # The archive is small and counted wherever patients are: neither needs a look at all the others.
        Index(
            "ix_patients_archive",
            "id",
            sqlite_where=text("archived_at IS NOT NULL"),
            postgresql_where=text("archived_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    record_number: Mapped[str]
    given_name: Mapped[str]
    family_name: Mapped[str]
    birth_date: Mapped[date]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str | None]
    guardian_name: Mapped[str] = mapped_column(default="")
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    merge: Mapped[dict[str, Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)

    windows: Mapped[list["AvailabilityWindow"]] = relationship(
        order_by="AvailabilityWindow.weekday, AvailabilityWindow.from_minute", cascade="all, delete-orphan"
    )
    blackouts: Mapped[list["Blackout"]] = relationship(
        order_by="Blackout.first_day, Blackout.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    @property
    def name(self) -> str:
        """Given name, then family name, as people say it."""
        return f"{self.given_name} {self.family_name}"


class AvailabilityWindow(Base):
    """A stretch of a weekday in which a whole visit may lie, in local minutes. No window at all: any time."""

    __tablename__ = "availability_windows"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440", name="minutes"),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]


class Blackout(Base):
    """Days away, both ends included: whole days, or the same local minutes of each."""

    __tablename__ = "blackouts"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        CheckConstraint(
            "(from_minute IS NULL AND to_minute IS NULL) OR "
            "(from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)",
            name="minutes",
        ),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_minute: Mapped[int | None]
    to_minute: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")


class PatientSearchKey(Base):
    """What a patient is found by as somebody types: each key is matched by its beginning.

    Folded words of the name, digits of the phone and of the birth date, the record number.
    """

    __tablename__ = "patient_search_keys"
    __table_args__ = (Index("ix_patient_search_keys_key", "key", "patient_id"),)

    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(ByteText, primary_key=True)

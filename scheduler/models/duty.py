"""When nurses have shifts and clinicians are present: a weekly pattern, and exceptions by date."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Json, enum_type


class Duty(StrEnum):
    """What somebody is there for: a nurse's shift, or a clinician's presence."""

    NURSE = "nurse"
    CLINICIAN = "clinician"


class DutyPattern(Base):
    """Every week on `weekday` (0 = Monday) at one site, in local minutes, from `valid_from` on.

    `breaks` is a list of [from, to] minutes inside the stretch, when the person is not on duty.
    """

    __tablename__ = "duty_patterns"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440", name="minutes"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="validity"),
        Index(None, "site_id", "weekday"),
        Index(None, "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    duty: Mapped[Duty] = mapped_column(enum_type(Duty, "duty"))
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    breaks: Mapped[list[list[int]]] = mapped_column(Json, default=list)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class DutyException(Base):
    """One date that differs. It replaces the person's whole pattern of that duty on that day.

    Without a site and minutes the person is away; several rows of one day are several stretches.
    """

    __tablename__ = "duty_exceptions"
    __table_args__ = (
        CheckConstraint(
            "(site_id IS NULL AND from_minute IS NULL AND to_minute IS NULL) OR "
            "(site_id IS NOT NULL AND from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440)",
            name="away_or_there",
        ),
        Index(None, "day"),
        Index(None, "user_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    duty: Mapped[Duty] = mapped_column(enum_type(Duty, "duty"))
    day: Mapped[date]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    from_minute: Mapped[int | None]
    to_minute: Mapped[int | None]
    breaks: Mapped[list[list[int]]] = mapped_column(Json, default=list)
    reason: Mapped[str] = mapped_column(default="")

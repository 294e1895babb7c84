"""A site, when it is open, and its chairs."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, Instant


class Site(Base):
    """A clinic location. Its IANA zone decides days, gaps and what people read.

    `discreet_name` stands in every message; `region` is a subdivision code of the
    `holidays` library; `turnover_minutes` hold the chair after each visit.
    `video_url` is the room that video consultations are held in, empty for none.
    Record numbers of new patients count on from `last_record_number`. `version` rises with each change of
    the site or its hours that a person saves.
    """

    __tablename__ = "sites"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("turnover_minutes BETWEEN 0 AND 120", name="turnover"),
        CheckConstraint("soft_load_pct BETWEEN 1 AND 100", name="soft_load"),
        CheckConstraint("date_order IN ('dmy', 'mdy', 'ymd')", name="date_order"),
        CheckConstraint("weight_unit IN ('kg', 'lb')", name="weight_unit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    discreet_name: Mapped[str]
    tz: Mapped[str]
    country: Mapped[str]
    region: Mapped[str | None]
    address: Mapped[str]
    phone: Mapped[str]
    from_email: Mapped[str]
    video_url: Mapped[str] = mapped_column(default="")
    date_order: Mapped[str] = mapped_column(default="dmy")
    clock24: Mapped[bool] = mapped_column(default=True)
    weight_unit: Mapped[str] = mapped_column(default="kg")
    turnover_minutes: Mapped[int] = mapped_column(default=0)
    soft_load_pct: Mapped[int] = mapped_column(default=80)
    last_record_number: Mapped[int] = mapped_column(default=10_000)
    version: Mapped[int] = mapped_column(default=1)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)

    chairs: Mapped[list["Chair"]] = relationship(order_by="Chair.position, Chair.id", viewonly=True)
    hours: Mapped[list["OpeningHours"]] = relationship(
        order_by="OpeningHours.weekday, OpeningHours.from_minute", viewonly=True
    )


class OpeningHours(Base):
    """One open stretch of a weekday (0 = Monday), in local minutes; a break is the gap between two."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("from_minute >= 0 AND from_minute < to_minute AND to_minute <= 1440", name="minutes"),
        UniqueConstraint("site_id", "weekday", "from_minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]


class Chair(Base):
    """A chair or room. From `retired_at` on, which may lie ahead, it takes no visit; past ones stay."""

    __tablename__ = "chairs"
    __table_args__ = (
        CheckConstraint("chair_type IN ('chair', 'bed', 'room')", name="chair_type"),
        UniqueConstraint("site_id", "name"),
        UniqueConstraint("id", "site_id", name="uq_chairs_id_site_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    name: Mapped[str]
    chair_type: Mapped[str] = mapped_column(default="chair")
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class Closure(Base):
    """A time when a whole site (`chair_id` is None) or one chair is shut, and why."""

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index(None, "site_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("chairs.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str]


class HolidayOpening(Base):
    """A public holiday on which the site opens all the same. All others close it by themselves."""

    __tablename__ = "holiday_openings"
    __table_args__ = (UniqueConstraint("site_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    day: Mapped[date]


class CapacityStamp(Base):
    """One row whose `version` the database raises with every change of capacity (migration 0003)."""

    __tablename__ = "capacity_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)

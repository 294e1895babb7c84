"""Who waits for an earlier or better time, what was offered to them, and how it ended."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, Instant, Json, enum_type
from scheduler.models.course import Course, Infusion

STILL_OPEN = "status IN ('waiting', 'offered', 'declined', 'expired')"


class WaitingStatus(StrEnum):
    """Where an entry of the waiting list stands (features/waiting/steps.py says how it gets there)."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SETTLED = "settled"


class WaitingEntry(Base):
    """A patient who waits: with `infusion_id` for another time of that visit, without it for the rest of the
    course to come sooner. Whose it is follows from the course.

    `half_days` are those of the week on which the new time may lie, such as `["0a", "3p"]`; `earlier` asks
    for an earlier day; `notice_hours` is how long before it the patient must know; `reach` how they are
    reached. While an offer stands, `offer` is the move in the short text of moving/order.py, `offer_gain`
    what it gains in points. `change_id` is the change that an accepted offer became. `best_gain` is what the
    worker last found for it, None for nothing.
    """

    __tablename__ = "waiting_entries"
    __table_args__ = (
        CheckConstraint("notice_hours BETWEEN 0 AND 336", name="notice"),
        CheckConstraint(
            "(status = 'offered') = (offer IS NOT NULL) AND (offer IS NULL) = (offer_until IS NULL)",
            name="offer",
        ),
        Index(
            "uq_waiting_entries_visit",
            "infusion_id",
            unique=True,
            sqlite_where=text(STILL_OPEN),
            postgresql_where=text(STILL_OPEN),
        ),
        Index(
            "uq_waiting_entries_course",
            "course_id",
            unique=True,
            sqlite_where=text(f"infusion_id IS NULL AND {STILL_OPEN}"),
            postgresql_where=text(f"infusion_id IS NULL AND {STILL_OPEN}"),
        ),
        Index("ix_waiting_entries_course", "course_id", "id"),
        Index("ix_waiting_entries_status", "status", "id"),
        Index("ix_waiting_entries_change", "change_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    status: Mapped[WaitingStatus] = mapped_column(
        enum_type(WaitingStatus, "status"), default=WaitingStatus.WAITING
    )
    earlier: Mapped[bool]
    half_days: Mapped[list[str]] = mapped_column(Json)
    notice_hours: Mapped[int] = mapped_column(default=0)
    reach: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    added_at: Mapped[datetime] = mapped_column(Instant)
    offer: Mapped[str | None]
    offer_gain: Mapped[int | None]
    offer_until: Mapped[datetime | None] = mapped_column(Instant)
    best_gain: Mapped[int | None]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("course_changes.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    course: Mapped[Course] = relationship(viewonly=True)
    infusion: Mapped[Infusion | None] = relationship(viewonly=True)
    events: Mapped[list["WaitingEvent"]] = relationship(order_by="WaitingEvent.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration


class WaitingEvent(Base):
    """One thing that happened to an entry; rows are only ever added. `facts` holds what its words need."""

    __tablename__ = "waiting_events"
    __table_args__ = (Index("ix_waiting_events_entry", "entry_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("waiting_entries.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor: Mapped[str]
    step: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

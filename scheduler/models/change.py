"""What was changed about a course, step by step: every visit's history, and what an undo restores."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, Instant, Json


class CourseChange(Base):
    """One deed on one course: booked, moved, missed, held, and so on. Rows are only ever added.

    `key` makes a repeated post find this change. `override` names the rules of spacing that were set
    aside, with the reason in `reason` and the clinician who said so in `approved_by_id`. A change can be
    undone until `undo_until`, once: the undo is a change of its own that names this one in `undoes_id`.
    """

    __tablename__ = "course_changes"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("undoes_id"),
        CheckConstraint("override IS NULL OR approved_by_id IS NOT NULL", name="override"),
        Index(None, "course_id", "id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    override: Mapped[str | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    course_before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    course_after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    key: Mapped[str | None]
    undo_until: Mapped[datetime | None] = mapped_column(Instant)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("course_changes.id", ondelete="CASCADE"))

    infusions: Mapped[list["InfusionChange"]] = relationship(
        order_by="InfusionChange.id", back_populates="change", lazy="selectin"
    )


class InfusionChange(Base):
    """What a change did to one visit: its facts before (None: it was made) and after, as JSON."""

    __tablename__ = "infusion_changes"
    __table_args__ = (
        UniqueConstraint("change_id", "infusion_id"),
        Index(None, "infusion_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("course_changes.id", ondelete="CASCADE"))
    infusion_id: Mapped[int] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    after: Mapped[dict[str, Any]] = mapped_column(Json)

    change: Mapped[CourseChange] = relationship(back_populates="infusions")

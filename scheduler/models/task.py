"""What waits for somebody on the staff: raised in the transaction that caused it, settled by a person."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class TaskKind(StrEnum):
    """Why somebody has to look: each kind has its sentence and its next step (features/tasks)."""

    VISIT_BROKEN = "visit_broken"
    REPLAN = "replan"
    HOLD_ENDS = "hold_ends"
    STAFF_LEFT = "staff_left"
    COUNTS = "counts"
    CHANGE_ASKED = "change_asked"
    DECLINED = "declined"
    TEXTS_STOPPED = "texts_stopped"
    REPLY_UNCLEAR = "reply_unclear"
    UNREACHABLE = "unreachable"
    CHART_OPENED = "chart_opened"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    REQUEST_LATE = "request_late"


class StaffTask(Base):
    """One thing to do. `facts` holds what its sentence needs and no row keeps, such as reasons and times.

    `due_on` is the last day on which it is of use; until `later_until` somebody has put it off.
    `dedupe_key` makes the same cause raise it once. It waits until `done_at`; `outcome` says how it ended,
    in words, and `done_by_id` who ended it (None: the system, because the cause was gone).
    """

    __tablename__ = "staff_tasks"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done"),
        Index(None, "done_at", "site_id"),
        Index(None, "course_id"),
        Index(None, "infusion_id"),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TaskKind] = mapped_column(enum_type(TaskKind, "kind"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="RESTRICT"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    dedupe_key: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None]
    later_until: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    outcome: Mapped[str | None]

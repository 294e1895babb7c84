"""Clinical alerts: what a clinician has to look at, until one of them wrote down what was done."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class AlertKind(StrEnum):
    """Why somebody has to look."""

    ITEM_9 = "item_9"
    WORSENING = "worsening"
    ADVERSE_EVENT = "adverse_event"
    NO_RESPONSE = "no_response"
    RELAPSE = "relapse"
    BOOSTER = "booster"


class Alert(Base):
    """One cause, raised once: `dedupe_key` names it, so that it never nags twice.

    `facts` hold what its sentence needs and no row keeps. It stays until somebody wrote down what was done.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        CheckConstraint("(acknowledged_at IS NULL) = (what_was_done IS NULL)", name="acknowledged"),
        Index(None, "acknowledged_at", "kind"),
        Index(None, "course_id"),
        Index(None, "infusion_id"),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(enum_type(AlertKind, "kind"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    dedupe_key: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    what_was_done: Mapped[str | None]

"""Interruptions of the pump."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class PumpPause(Base):
    """The pump stood still from `from_at` until `to_at` (None: it still does), and why."""

    __tablename__ = "pump_pauses"
    __table_args__ = (
        UniqueConstraint("log_id", "key"),
        CheckConstraint("from_at <= to_at", name="order"),
        CheckConstraint("(struck_at IS NULL) = (struck_reason IS NULL)", name="struck"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("infusion_logs.id", ondelete="RESTRICT"))
    key: Mapped[str]
    from_at: Mapped[datetime] = mapped_column(Instant)
    to_at: Mapped[datetime | None] = mapped_column(Instant)
    why: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    struck_at: Mapped[datetime | None] = mapped_column(Instant)
    struck_reason: Mapped[str | None]

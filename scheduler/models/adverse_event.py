"""Adverse events of an infusion."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class AdverseEvent(Base):
    """One event. `grade` is 1 mild to 5 death, as trials count it. A wrong one is struck out and stays.

    `key` keeps a tablet that sends it twice from adding it twice; `version` guards against lost edits.
    """

    __tablename__ = "adverse_events"
    __table_args__ = (
        UniqueConstraint("log_id", "key"),
        CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
        CheckConstraint("(struck_at IS NULL) = (struck_reason IS NULL)", name="struck"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("infusion_logs.id", ondelete="RESTRICT"))
    key: Mapped[str]
    term: Mapped[str]
    onset_at: Mapped[datetime] = mapped_column(Instant)
    grade: Mapped[int]
    action: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    struck_at: Mapped[datetime | None] = mapped_column(Instant)
    struck_reason: Mapped[str | None]

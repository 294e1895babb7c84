"""Exports of the whole clinic: who asked for one and why, how far it is, and until when its file lies."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class ClinicExport(Base):
    """One export. `position` of `total` patients are written; `file` is the name inside the export folder.

    Without `finished_at` it waits or is under way. `fence` rises with each worker that takes it, so that one
    that was thought dead writes nothing more; `moved_at` is its last sign of life. A finished one without a
    file and without an `error` has expired.
    """

    __tablename__ = "clinic_exports"
    __table_args__ = (
        CheckConstraint("position >= 0 AND total >= 0 AND fence >= 0", name="counts"),
        CheckConstraint("finished_at IS NOT NULL OR (file IS NULL AND error IS NULL)", name="finished"),
        CheckConstraint("file IS NULL OR (expires_at IS NOT NULL AND error IS NULL)", name="file"),
        Index(None, "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    fence: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime | None] = mapped_column(Instant)
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    file: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None]

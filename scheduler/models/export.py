"""Exports of the whole clinic: who asked for one and why, how far it is, and until when its file lies."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant
from scheduler.db.long_work import LongWork


class ClinicExport(LongWork, Base):
    """One export. `position` of `total` patients are written; `file` is the name inside the export folder.

    A finished one without a file and without an `error` has expired.
    """

    __tablename__ = "clinic_exports"
    __table_args__ = (
        CheckConstraint("position >= 0 AND total >= 0 AND fence >= 0", name="counts"),
        CheckConstraint("finished_at IS NOT NULL OR (file IS NULL AND error IS NULL)", name="finished"),
        CheckConstraint("file IS NULL OR (expires_at IS NOT NULL AND error IS NULL)", name="file"),
        Index(None, "finished_at"),
    )

    purpose: Mapped[str]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    file: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)

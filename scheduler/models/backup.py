"""Each backup that was asked for, and what became of it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class BackupRun(Base):
    """One backup: asked for by a person or due by the clock, then made by one process, well or not.

    `file` is the name inside the backup folder, `size` in bytes, `sha256` of the sealed file; `row_count` is
    the number of rows in it. A run without `finished_at` waits or is under way; one with an `error`
    made nothing.
    """

    __tablename__ = "backup_runs"
    __table_args__ = (
        CheckConstraint("error IS NULL OR finished_at IS NOT NULL", name="error"),
        CheckConstraint("(file IS NULL) = (sha256 IS NULL)", name="file"),
        Index(None, "finished_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    file: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    row_count: Mapped[int | None] = mapped_column(BigInteger)
    error: Mapped[str | None]

"""Vital signs, and what was done about a pressure above a limit. Both tables take new rows only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json


class VitalSigns(Base):
    """One reading. A correction is a new row that names the one it replaces, with a reason; both stay.

    `key` is made where the reading is written down, so that a tablet that sends it twice adds it once.
    `withdrawn` says that the replaced reading was none at all, such as one of another patient.
    `sedation` is MOAA/S, 0 to 5. Before, during or after follows from `taken_at` and the log's times.
    """

    __tablename__ = "vital_signs"
    __table_args__ = (
        UniqueConstraint("log_id", "key"),
        UniqueConstraint("replaces_id"),
        CheckConstraint("sbp BETWEEN 40 AND 300", name="sbp"),
        CheckConstraint("dbp BETWEEN 20 AND 200 AND dbp < sbp", name="dbp"),
        CheckConstraint("pulse BETWEEN 20 AND 250", name="pulse"),
        CheckConstraint("spo2 BETWEEN 30 AND 100", name="spo2"),
        CheckConstraint("sedation BETWEEN 0 AND 5", name="sedation"),
        CheckConstraint("(replaces_id IS NULL) = (reason IS NULL)", name="reason"),
        CheckConstraint("replaces_id IS NOT NULL OR NOT withdrawn", name="withdrawn"),
        Index(None, "log_id", "taken_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    log_id: Mapped[int] = mapped_column(ForeignKey("infusion_logs.id", ondelete="RESTRICT"))
    key: Mapped[str]
    taken_at: Mapped[datetime] = mapped_column(Instant)
    sbp: Mapped[int | None]
    dbp: Mapped[int | None]
    pulse: Mapped[int | None]
    spo2: Mapped[int | None]
    sedation: Mapped[int | None]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("vital_signs.id", ondelete="RESTRICT"))
    reason: Mapped[str | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)


class HoldAction(Base):
    """What was done about a pressure above a limit: codes of `done`, and words beside them."""

    __tablename__ = "hold_actions"
    __table_args__ = (UniqueConstraint("vitals_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vitals_id: Mapped[int] = mapped_column(ForeignKey("vital_signs.id", ondelete="RESTRICT"))
    key: Mapped[str]
    done: Mapped[list[str]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))

"""What everybody at the chair must know of a patient before anything else."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class PatientCaution(Base):
    """An allergy, that there is none, or an interpreter's language. What is over is struck out and stays."""

    __tablename__ = "patient_cautions"
    __table_args__ = (
        CheckConstraint("kind IN ('allergy', 'no_allergies', 'interpreter')", name="kind"),
        Index(None, "patient_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    kind: Mapped[str]
    words: Mapped[str]
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    struck_at: Mapped[datetime | None] = mapped_column(Instant)

"""Medicines that a patient takes beside a course: the effect is thought to add to some of them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class CourseMedicine(Base):
    """One medicine at one dose, such as "100 mg in the morning"; another dose is another row.

    `from_day` None: taken since before the course, nobody knows from when; `until_day`, the last day on which
    it was taken, None: it is taken on. What was written by mistake is struck out and stays.
    """

    __tablename__ = "course_medicines"
    __table_args__ = (
        CheckConstraint("until_day IS NULL OR from_day IS NULL OR from_day <= until_day", name="days"),
        CheckConstraint("(struck_at IS NULL) = (struck_reason IS NULL)", name="struck"),
        Index(None, "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    name: Mapped[str]
    dose: Mapped[str]
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]
    noted_at: Mapped[datetime] = mapped_column(Instant)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    struck_at: Mapped[datetime | None] = mapped_column(Instant)
    struck_reason: Mapped[str | None]

"""When an unused page locks, what was typed into a locked one, and who opened a chart in an emergency."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class AccessRules(Base):
    """What the clinic decided about access; without its one row the usual times hold.

    `lock_minutes` without use lock a log-in; `emergency_minutes` is how long a chart stays open that was
    opened in an emergency; `factor_for_all` asks everybody for a second factor, not only who must have one.
    """

    __tablename__ = "access_rules"
    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("lock_minutes BETWEEN 1 AND 60", name="lock_minutes"),
        CheckConstraint("emergency_minutes BETWEEN 5 AND 240", name="emergency_minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lock_minutes: Mapped[int]
    emergency_minutes: Mapped[int]
    factor_for_all: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class KeptForm(Base):
    """A form that was sent from a locked page, kept until its sender has opened the lock.

    `body` is encrypted for a key that only the sender's browser holds. `path` is where the form goes, `page`
    the path it stood on.
    """

    __tablename__ = "kept_forms"
    __table_args__ = (Index(None, "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    path: Mapped[str]
    page: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime] = mapped_column(Instant)


class EmergencyAccess(Base):
    """One chart that somebody without the right to it opened in an emergency, and why.

    It opens until `ends_at`, or until it was given back at `ended_at`. A clinician looks at each one
    afterwards and writes what they found: `seen_note`.
    """

    __tablename__ = "emergency_accesses"
    __table_args__ = (
        CheckConstraint("(seen_at IS NULL) = (seen_note IS NULL)", name="seen"),
        Index(None, "user_id", "ends_at"),
        Index(None, "patient_id"),
        Index(None, "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    reason: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    seen_note: Mapped[str | None]

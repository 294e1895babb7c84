"""Protocols: templates of courses. A version is never changed; a course keeps its own."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, Instant, Json, JsonOrNone


class Protocol(Base):
    """A template under a name that people choose from.

    It is offered at the sites of `site_ids`, at all where none is named. `revision` rises with each save.
    """

    __tablename__ = "protocols"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    site_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    revision: Mapped[int] = mapped_column(default=1)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)

    versions: Mapped[list["ProtocolVersion"]] = relationship(
        order_by="ProtocolVersion.version.desc()", back_populates="protocol"
    )


class ProtocolVersion(Base):
    """The rules of spacing, in calendar days at the site; days between neighbours and from first to last.

    A protocol of one infusion (the booster) has gap and span bounds of 1. `rating_plan` says which instrument
    is asked when and which is the primary one (features/ratings/plan.py); without one the usual plan holds.
    """

    __tablename__ = "protocol_versions"
    __table_args__ = (
        UniqueConstraint("protocol_id", "version"),
        CheckConstraint("infusions BETWEEN 1 AND 24", name="infusions"),
        CheckConstraint("gap_min >= 1 AND gap_min <= gap_target AND gap_target <= gap_max", name="gap"),
        CheckConstraint("span_min >= 1 AND span_min <= span_max", name="span"),
        CheckConstraint("recovery_gap_max >= gap_max AND recovery_span_max >= span_max", name="recovery"),
        CheckConstraint("chair_type IS NULL OR chair_type IN ('chair', 'bed', 'room')", name="chair_type"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id", ondelete="RESTRICT"))
    version: Mapped[int]
    infusions: Mapped[int]
    gap_min: Mapped[int]
    gap_max: Mapped[int]
    gap_target: Mapped[int]
    span_min: Mapped[int]
    span_max: Mapped[int]
    recovery_gap_max: Mapped[int]
    recovery_span_max: Mapped[int]
    chair_type: Mapped[str | None]
    rating_plan: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNone)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    protocol: Mapped[Protocol] = relationship(back_populates="versions", lazy="joined")
    phases: Mapped[list["ProtocolPhase"]] = relationship(
        order_by="ProtocolPhase.position", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def visit_minutes(self) -> int:
        """How long one visit takes, all phases together."""
        return sum(phase.minutes for phase in self.phases)


class ProtocolPhase(Base):
    """A stretch of a visit, and how many patients one nurse may watch in it (PLANNING.md, section 2)."""

    __tablename__ = "protocol_phases"
    __table_args__ = (
        UniqueConstraint("protocol_version_id", "position"),
        CheckConstraint("minutes BETWEEN 10 AND 600 AND minutes % 10 = 0", name="minutes"),
        CheckConstraint("patients_per_nurse IN (1, 2, 3, 4, 6)", name="patients_per_nurse"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_version_id: Mapped[int] = mapped_column(ForeignKey("protocol_versions.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    minutes: Mapped[int]
    patients_per_nurse: Mapped[int]
    clinician_present: Mapped[bool] = mapped_column(default=False)

    @property
    def nurse_load(self) -> int:
        """Twelfths of one nurse's attention: 12 is one to one, 3 is one to four, 2 is one to six."""
        return 12 // self.patients_per_nurse

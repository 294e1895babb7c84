"""How long records are kept, which must not be deleted, what was deleted, and how the guards let it go."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type
from scheduler.db.long_work import LongWork


class RecordKind(StrEnum):
    """The parts of a person's record that are kept for times of their own (features/records/kinds.py)."""

    MESSAGES = "messages"
    CHART = "chart"
    LOGS = "logs"


class RetentionRule(Base):
    """How long one kind is kept. A kind without a row goes by the usual rule.

    `years` is how long the clinic keeps it, `least_years` how long the law asks for it, whoever wants it
    deleted. `until_age`: whoever was a minor is kept until they are so old. Controlled-drug records are kept
    for two years at least (21 CFR 1304.04).
    """

    __tablename__ = "retention_rules"
    __table_args__ = (
        CheckConstraint("least_years BETWEEN 0 AND 50 AND years BETWEEN least_years AND 50", name="years"),
        CheckConstraint("kind <> 'logs' OR least_years >= 2", name="logs"),
        CheckConstraint("until_age BETWEEN 0 AND 40", name="until_age"),
    )

    kind: Mapped[RecordKind] = mapped_column(enum_type(RecordKind, "kind"), primary_key=True)
    years: Mapped[int]
    least_years: Mapped[int]
    until_age: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)


class LegalHold(Base):
    """Nothing of this person's record may be deleted, because of a claim or an order, until it is lifted.

    It stands on a patient's record or, of somebody who asked and has none, on their request.
    """

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lift_reason IS NULL)", name="lifted"),
        CheckConstraint("(patient_id IS NULL) <> (request_id IS NULL)", name="whose"),
        Index(None, "patient_id"),
        Index(None, "request_id"),
        Index(
            "ix_legal_holds_open",
            "patient_id",
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation_requests.id", ondelete="RESTRICT")
    )
    reason: Mapped[str]
    placed_at: Mapped[datetime] = mapped_column(Instant)
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    lift_reason: Mapped[str | None]


class RetentionRun(LongWork, Base):
    """One time that whatever is past its time is deleted: asked for by a person, done by a worker in pieces.

    `rules` are those that were shown to whoever asked; `total` counts the people and messages that were due
    then, `position` those dealt with.
    """

    __tablename__ = "retention_runs"
    __table_args__ = (
        CheckConstraint("position >= 0 AND total >= 0 AND fence >= 0", name="counts"),
        CheckConstraint("finished_at IS NOT NULL OR error IS NULL", name="finished"),
        Index(None, "finished_at"),
    )

    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    people: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)


class RecordRemoval(Base):
    """What was deleted of one person's record, when, by whom and why. It outlives the person's row.

    `person_id` is the id that the patient has or had. `kinds` are those that went, `rows` counts what was
    deleted. Where the law keeps a part, `rest_from` is the day from which it may go, too; None says that
    nothing is left.
    """

    __tablename__ = "record_removals"
    __table_args__ = (
        CheckConstraint("cause IN ('asked', 'retention')", name="cause"),
        CheckConstraint("rows >= 0", name="rows"),
        Index(None, "person_id"),
        Index(None, "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int]
    record_number: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor: Mapped[str]
    cause: Mapped[str]
    reason: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(Json)
    rows: Mapped[int]
    rest_from: Mapped[date | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("retention_runs.id", ondelete="SET NULL"))


class GuardOpening(Base):
    """While its row stands, the guards of one person's record let rows be deleted: within one transaction.

    `closes_id` names a row that can't exist, and the database looks at that when the transaction ends. So an
    opening can't be committed: whoever makes one has to take it away again, and nobody else ever sees it.
    """

    __tablename__ = "guard_openings"
    __table_args__ = (CheckConstraint("id > 0 AND closes_id < 0", name="closes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    closes_id: Mapped[int] = mapped_column(
        ForeignKey("guard_openings.id", ondelete="RESTRICT", deferrable=True, initially="DEFERRED")
    )

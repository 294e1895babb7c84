"""Runs of the short cognitive tasks: what was shown, what was answered and when, and what it comes to."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, JsonOrNone, enum_type
from scheduler.models.rating import OF_COURSE, RatingSource, TimePoint


class CognitiveTask(StrEnum):
    """Which task, in the order in which they are done in one sitting."""

    PLACES = "places"
    PAIRS = "pairs"
    RECOGNISE = "recognise"


class RunState(StrEnum):
    """How far a run came. One that was begun and never heard of again stays `begun`: it was interrupted."""

    BEGUN = "begun"
    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    LEFT_OUT = "left_out"


HOLDS_THE_PLACE = "state IN ('complete', 'left_out')"


class CognitiveRun(Base):
    """One run of one task, or that the patient left it out.

    The form that was shown follows from `task`, `version` and `form` alone. `responses` are rows of position,
    answer, milliseconds since the start when it was asked and when it was answered, and kind of input;
    `score` was computed from them by the server, and only a complete run has one. `learned_id` is the run
    whose pictures are recognised. `reason` says what interrupted it or why it was left out. `key` makes a run
    that is sent twice count once. `heard_at` is when its end reached us, which may be long after it: a signed
    course log holds what was heard of before it was signed.
    """

    __tablename__ = "cognitive_runs"
    __table_args__ = (
        CheckConstraint("(state = 'begun') = (ended_at IS NULL)", name="ended"),
        CheckConstraint("(heard_at IS NULL) = (ended_at IS NULL)", name="heard"),
        CheckConstraint("(state = 'left_out') = (form IS NULL)", name="form"),
        CheckConstraint("(state = 'complete') = (score IS NOT NULL)", name="score"),
        CheckConstraint("(state IN ('interrupted', 'left_out')) = (reason IS NOT NULL)", name="reason"),
        CheckConstraint(
            "(task = 'recognise' AND form IS NOT NULL) = (learned_id IS NOT NULL)", name="learned"
        ),
        CheckConstraint(f"({OF_COURSE}) = (infusion_id IS NULL)", name="infusion"),
        CheckConstraint("(time_point = 'weekly') = (week > 0) AND week BETWEEN 0 AND 52", name="week"),
        UniqueConstraint("key"),
        Index(
            "uq_cognitive_runs_current",
            "infusion_id",
            "task",
            "time_point",
            unique=True,
            sqlite_where=text(HOLDS_THE_PLACE),
            postgresql_where=text(HOLDS_THE_PLACE),
        ),
        Index(
            "uq_cognitive_runs_current_of_course",
            "course_id",
            "task",
            "time_point",
            "week",
            unique=True,
            sqlite_where=text(f"{HOLDS_THE_PLACE} AND infusion_id IS NULL"),
            postgresql_where=text(f"{HOLDS_THE_PLACE} AND infusion_id IS NULL"),
        ),
        Index(None, "course_id"),
        Index(None, "patient_id", "task"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    time_point: Mapped[TimePoint] = mapped_column(enum_type(TimePoint, "time_point"))
    week: Mapped[int] = mapped_column(default=0)
    task: Mapped[CognitiveTask] = mapped_column(enum_type(CognitiveTask, "task"))
    version: Mapped[int]
    form: Mapped[int | None]
    learned_id: Mapped[int | None] = mapped_column(ForeignKey("cognitive_runs.id", ondelete="RESTRICT"))
    language: Mapped[str]
    source: Mapped[RatingSource] = mapped_column(enum_type(RatingSource, "source"))
    state: Mapped[RunState] = mapped_column(enum_type(RunState, "state"))
    reason: Mapped[str | None]
    practised: Mapped[int] = mapped_column(default=0)
    device: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    responses: Mapped[list[Any]] = mapped_column(Json, default=list)
    score: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNone)
    begun_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    heard_at: Mapped[datetime | None] = mapped_column(Instant)

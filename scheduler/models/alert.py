"""Clinical alerts: what a clinician has to look at, until one of them wrote down what was done."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type


class AlertKind(StrEnum):
    """Why somebody has to look."""

    ITEM_9 = "item_9"
    SUICIDALITY = "suicidality"
    WORSENING = "worsening"
    ADVERSE_EVENT = "adverse_event"
    NO_RESPONSE = "no_response"
    RELAPSE = "relapse"
    BOOSTER = "booster"


class Alert(Base):
    """One cause, raised once: `dedupe_key` names it, so that it never nags twice.

    `about` tells apart what alerts of one kind are about in a course (an instrument, an event), `covers`
    names the ratings or events that this one stands on, `level` is how bad the worst of them is, and `facts`
    hold what its sentence needs. It waits until somebody wrote down what was done, or until a correction took
    away what it stood on: then it is withdrawn, and stays readable. `history` keeps what it said before, the
    oldest first. What a screening finds belongs to no course, and to somebody who may be no patient yet:
    then `request_id` names them.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        CheckConstraint("(acknowledged_at IS NULL) = (what_was_done IS NULL)", name="acknowledged"),
        CheckConstraint("withdrawn_at IS NULL OR acknowledged_at IS NULL", name="withdrawn"),
        CheckConstraint(
            "course_id IS NOT NULL AND patient_id IS NOT NULL OR kind = 'suicidality' "
            "AND (patient_id IS NOT NULL OR request_id IS NOT NULL)",
            name="whose",
        ),
        Index(
            "ix_alerts_open",
            "kind",
            sqlite_where=text("acknowledged_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index(None, "course_id", "kind"),
        Index(None, "infusion_id"),
        Index(None, "patient_id"),
        Index(None, "request_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AlertKind] = mapped_column(enum_type(AlertKind, "kind"))
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultation_requests.id", ondelete="RESTRICT")
    )
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    about: Mapped[str] = mapped_column(default="")
    covers: Mapped[list[Any]] = mapped_column(Json, default=list)
    level: Mapped[int] = mapped_column(default=0)
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    history: Mapped[list[Any]] = mapped_column(Json, default=list)
    dedupe_key: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    what_was_done: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class AlertRule(Base):
    """What a clinic decided about one kind: whether nurses must see it beside the clinicians, and from when
    on it is raised.

    `at_least` is the grade of an event, the number of the infusion, or the weeks until a booster is due;
    `at_most` the weeks after which it is not prompted any more. A kind without a row goes by the usual rule.
    """

    __tablename__ = "alert_rules"
    __table_args__ = (
        CheckConstraint(
            "(at_least IS NOT NULL) = (kind IN ('adverse_event', 'no_response', 'booster'))", name="at_least"
        ),
        CheckConstraint("(at_most IS NOT NULL) = (kind = 'booster')", name="at_most"),
        CheckConstraint("at_least BETWEEN 1 AND 26 AND at_most BETWEEN at_least AND 26", name="bounds"),
    )

    kind: Mapped[AlertKind] = mapped_column(enum_type(AlertKind, "kind"), primary_key=True)
    for_nurses: Mapped[bool]
    at_least: Mapped[int | None]
    at_most: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

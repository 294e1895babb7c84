"""Instruments that a clinic writes itself, beside those that ship."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json


class OwnInstrument(Base):
    """One version of one instrument: a draft until `published_at`, and from then on what it is for good.

    `definition` is all of it as data (features/ratings/own/definition.py). A trigger refuses changes of a
    published one, but for `retired_at`: a retired instrument is offered to no protocol any more. `revision`
    rises with every save of a draft.
    """

    __tablename__ = "own_instruments"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        # At most one draft of an instrument, so that two people don't publish two different next versions.
        Index(
            "uq_own_instruments_draft",
            "code",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(Json)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)

"""What a clinic decides about charting: limits of pressure, how often vitals are due, the discharge list."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class ChartRules(Base):
    """The limits of one site; with a protocol, those of that protocol at the site.

    Pressures in mmHg: an infusion does not start above the first pair and asks for an action at the second.
    """

    __tablename__ = "chart_rules"
    __table_args__ = (
        CheckConstraint("start_sbp BETWEEN 40 AND 300 AND start_dbp BETWEEN 20 AND 200", name="start"),
        CheckConstraint("act_sbp BETWEEN 40 AND 300 AND act_dbp BETWEEN 20 AND 200", name="act"),
        CheckConstraint(
            "during_minutes BETWEEN 1 AND 60 AND after_minutes BETWEEN 1 AND 120", name="minutes"
        ),
        Index(
            "uq_chart_rules_site",
            "site_id",
            unique=True,
            sqlite_where=text("protocol_id IS NULL"),
            postgresql_where=text("protocol_id IS NULL"),
        ),
        Index(
            "uq_chart_rules_protocol",
            "site_id",
            "protocol_id",
            unique=True,
            sqlite_where=text("protocol_id IS NOT NULL"),
            postgresql_where=text("protocol_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    protocol_id: Mapped[int | None] = mapped_column(ForeignKey("protocols.id", ondelete="CASCADE"))
    start_sbp: Mapped[int]
    start_dbp: Mapped[int]
    act_sbp: Mapped[int]
    act_dbp: Mapped[int]
    during_minutes: Mapped[int]
    after_minutes: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)


class DischargeItem(Base):
    """One check before a patient leaves a site. Without any of its own a site uses the usual three."""

    __tablename__ = "discharge_items"
    __table_args__ = (Index(None, "site_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    position: Mapped[int]
    words: Mapped[str]
    archived_at: Mapped[datetime | None] = mapped_column(Instant)

"""Calendars that leave the building: secret feeds, and clinicians' calendars on the clinic's server."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant

OWNERS = ("patient_id", "user_id", "chair_id", "site_id")
ONE_OWNER = " + ".join(f"(CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END)" for owner in OWNERS) + " = 1"


class Feed(Base):
    """The secret address of one calendar (MESSAGES.md, section 5). The row knows only the token's SHA-256.

    Whose it is stands in exactly one of `patient_id`, `user_id`, `chair_id`, `site_id`. Rotating it revokes
    the row and makes a new one. `last_agent` names the program that read it last.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint(ONE_OWNER, name="owner"),
        Index(None, "patient_id"),
        Index(None, "user_id"),
        Index(None, "chair_id"),
        Index(None, "site_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("chairs.id", ondelete="CASCADE"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_read_at: Mapped[datetime | None] = mapped_column(Instant)
    last_agent: Mapped[str | None]


class PublishedCalendar(Base):
    """A clinician's calendar on the clinic's own server (CalDAV), and how the last look at it ended."""

    __tablename__ = "published_calendars"
    __table_args__ = (UniqueConstraint("user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    url: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    next_look_at: Mapped[datetime] = mapped_column(Instant)
    lease_by: Mapped[str | None]
    synced_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]


class PublishedEvent(Base):
    """What stands in a published calendar: the digest of what was put there, and the server's tag for it."""

    __tablename__ = "published_events"
    __table_args__ = (UniqueConstraint("calendar_id", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("published_calendars.id", ondelete="CASCADE"))
    uid: Mapped[str]
    digest: Mapped[str]
    etag: Mapped[str | None]
    put_at: Mapped[datetime] = mapped_column(Instant)

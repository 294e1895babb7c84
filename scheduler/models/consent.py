"""The clinic's consent texts, version by version, and who signed which."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json


class ConsentForm(Base):
    """One consent under the name by which staff know it, and where it is needed.

    It is asked for at the sites of `site_ids` and for courses of `protocol_ids`, everywhere where none is
    named; one that is tied to no protocol is due before a course is booked. `position` orders the list.
    """

    __tablename__ = "consent_forms"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    protocol_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    site_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)


class ConsentVersion(Base):
    """The words of a consent: a draft until `published_at`, and from then on what they are for good.

    `words` holds the title and the text by the code of the language. `asks_again` says that who signed an
    earlier version signs this one too. `revision` rises with every save of a draft.
    """

    __tablename__ = "consent_versions"
    __table_args__ = (
        UniqueConstraint("form_id", "version"),
        # At most one draft of a consent, so that two people don't publish two different next versions.
        Index(
            "uq_consent_versions_draft",
            "form_id",
            unique=True,
            sqlite_where=text("published_at IS NULL"),
            postgresql_where=text("published_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("consent_forms.id", ondelete="RESTRICT"))
    version: Mapped[int]
    words: Mapped[dict[str, dict[str, str]]] = mapped_column(Json)
    asks_again: Mapped[bool] = mapped_column(default=True)
    revision: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class ConsentSignature(Base):
    """One signature under one version. All of it stays as it was written, but for a withdrawal, once.

    `record` is canonical JSON: the exact text that was read, who signed, as whom, how and when; `digest` is
    its SHA-256. `signed_as` is "patient" or "guardian". `key` keeps a form that is sent twice from signing
    twice. A trigger refuses every other change, so that `patient_id` alone may follow a merge of two records.
    """

    __tablename__ = "consent_signatures"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("signed_as IN ('patient', 'guardian')", name="signed_as"),
        CheckConstraint("source IN ('link', 'tablet')", name="source"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by IS NULL) "
            "AND (withdrawn_by IS NULL OR withdrawn_by IN ('patient', 'desk'))",
            name="withdrawn",
        ),
        Index(None, "patient_id"),
        Index(None, "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    version_id: Mapped[int] = mapped_column(ForeignKey("consent_versions.id", ondelete="RESTRICT"))
    key: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(Instant)
    signed_name: Mapped[str]
    signed_as: Mapped[str]
    source: Mapped[str]
    record: Mapped[str]
    digest: Mapped[str]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[str | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    withdraw_reason: Mapped[str] = mapped_column(default="")

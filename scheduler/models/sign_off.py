"""What a clinician signed, and what was said of it afterwards. All but the settings take new rows only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class SignedRecord(Base):
    """The log of one infusion, or (without an infusion) the whole course log, as it was signed.

    `record` is canonical JSON and is never written again; `digest` is its SHA-256. The record itself names
    who signed and when, so that these columns cannot be changed without the digest telling. `signed_name` is
    the signer's name as it was then: people marry, and paper does not.
    """

    __tablename__ = "signed_records"
    __table_args__ = (
        UniqueConstraint("infusion_id"),
        Index(
            "uq_signed_records_course",
            "course_id",
            unique=True,
            sqlite_where=text("infusion_id IS NULL"),
            postgresql_where=text("infusion_id IS NULL"),
        ),
        Index(None, "course_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    record: Mapped[str]
    digest: Mapped[str]
    signed_at: Mapped[datetime] = mapped_column(Instant)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    signed_name: Mapped[str]


class CoSignature(Base):
    """The second clinician's signature under a course log, with the name as it was then; `digest` covers the
    record's, who and when.
    """

    __tablename__ = "co_signatures"
    __table_args__ = (UniqueConstraint("signed_record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    signed_record_id: Mapped[int] = mapped_column(ForeignKey("signed_records.id", ondelete="RESTRICT"))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    signed_name: Mapped[str]
    digest: Mapped[str]


class Addendum(Base):
    """What a signed log gets wrong, beside it: the right words, the reason, when, who by the name of then.

    Without an infusion it speaks of the course. `key` keeps a form that is sent twice from adding it twice;
    `digest` covers everything else and the digest of the record it stands beside.
    """

    __tablename__ = "addenda"
    __table_args__ = (UniqueConstraint("key"), Index(None, "course_id"), Index(None, "infusion_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    signed_record_id: Mapped[int] = mapped_column(ForeignKey("signed_records.id", ondelete="RESTRICT"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="RESTRICT"))
    words: Mapped[str]
    reason: Mapped[str]
    written_at: Mapped[datetime] = mapped_column(Instant)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    written_name: Mapped[str]
    key: Mapped[str]
    digest: Mapped[str]


class GivenReason(Base):
    """Why a course departed from its protocol, or why something is missing. The last one of a `gap` holds.

    `gap` is the key of the deviation (features/review/deviations.py).
    """

    __tablename__ = "given_reasons"
    __table_args__ = (Index(None, "course_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    gap: Mapped[str]
    reason: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(Instant)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))


class SignOffRules(Base):
    """What a site asks of a sign-off. Without a row one signature is enough."""

    __tablename__ = "sign_off_rules"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    wants_second: Mapped[bool]

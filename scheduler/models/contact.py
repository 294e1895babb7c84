"""What a patient allows by which way, addresses that take nothing more, links a patient was given."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant, Json, enum_type
from scheduler.models.message import Channel


class Topic(StrEnum):
    """What can be allowed or refused.

    `email` and `sms` are the ways themselves; `more_texts` lifts the caps of CLINICAL.md section 6; `detail`
    lets a message say which visit it is and how to prepare; `invitations` are calendar invitations by mail,
    `reminders` the mails before a visit: confirmations and changes go out without them.
    """

    EMAIL = "email"
    SMS = "sms"
    MORE_TEXTS = "more_texts"
    DETAIL = "detail"
    INVITATIONS = "invitations"
    REMINDERS = "reminders"


class ContactChoice(Base):
    """One choice of a patient at one time. Rows are only ever added: the last of a topic holds.

    `source` is how it became known: at the desk, on the patient's own page, by a reply, with an import.
    """

    __tablename__ = "contact_choices"
    __table_args__ = (
        CheckConstraint("source IN ('desk', 'patient', 'reply', 'import')", name="source"),
        Index(None, "patient_id", "topic", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    topic: Mapped[Topic] = mapped_column(enum_type(Topic, "topic"))
    allowed: Mapped[bool]
    source: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="")


class StoppedAddress(Base):
    """A number or a mail address that takes nothing more, whoever it belongs to (SECURITY.md 18).

    `reason` is "stop" (the holder said so; START ends it), "carrier" (they said so to the phone network,
    which refuses texts for them; START ends that, too) or "bounce" (it does not exist; a new address or a
    member of staff ends it).
    """

    __tablename__ = "stopped_addresses"
    __table_args__ = (CheckConstraint("reason IN ('stop', 'bounce', 'carrier')", name="reason"),)

    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Instant)


class PatientLink(Base):
    """A link that a patient was sent: for one purpose, until it expires or is revoked.

    The row knows only the SHA-256 of the token (SECURITY.md 2). `purpose` is "visit" (see, confirm, ask for
    another time), "course" (all dates of the course that the visit is one of, for a calendar),
    "unsubscribe" (no more reminders by mail, and again), "consents" (documents to read and to sign) or
    "pages" (the patient's own pages, once the birth date is given too); the last three are about no visit.
    `wrong_tries` counts birth dates that did not fit since one did, and until `asleep_until` none is taken.
    """

    __tablename__ = "patient_links"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("purpose IN ('visit', 'course', 'unsubscribe', 'pages', 'consents')", name="purpose"),
        Index(None, "patient_id"),
        Index(None, "infusion_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    purpose: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    infusion_id: Mapped[int | None] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    asleep_until: Mapped[datetime | None] = mapped_column(Instant)


class PatientDevice(Base):
    """A browser in which a patient gave a link and their birth date: their pages are open in it.

    The cookie holds a random token, the row only its SHA-256. `is_remembered`: the patient said that it is
    their own, so it stays open for days, and keeps when and where for times without a connection. `agent` is
    what the browser calls itself.
    """

    __tablename__ = "patient_devices"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "patient_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"))
    is_remembered: Mapped[bool]
    agent: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class PreparationItem(Base):
    """One thing to have ready for a visit; for one protocol, or for all.

    `label` is the desk's short name of it, `words` what the patient reads, by the code of the language.
    """

    __tablename__ = "preparation_items"
    __table_args__ = (Index(None, "protocol_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    protocol_id: Mapped[int | None] = mapped_column(ForeignKey("protocols.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[str]
    words: Mapped[dict[str, str]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(default=1)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)


class PreparationTick(Base):
    """The patient, or the desk on the phone, said that an item is ready for a visit."""

    __tablename__ = "preparation_ticks"
    __table_args__ = (CheckConstraint("source IN ('desk', 'patient')", name="source"),)

    infusion_id: Mapped[int] = mapped_column(ForeignKey("infusions.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(
        ForeignKey("preparation_items.id", ondelete="RESTRICT"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(Instant)
    source: Mapped[str]

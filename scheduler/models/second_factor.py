"""What a member of staff proves beside the password, and the links by which a password is set."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.db.base import Base, Instant


class AuthenticatorApp(Base):
    """The app on a person's phone that shows a new code every half minute.

    `secret` is encrypted under the application's key (accounts/factors/sealing.py). `last_step` is the half
    minute, counted from 1970, of the newest code that was taken: neither it nor an older one is taken again.
    """

    __tablename__ = "authenticator_apps"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Instant)


class RecoveryCode(Base):
    """One code for the day the phone is lost. Its holder has it on paper, the row only its SHA-256."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("code_hash"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Base):
    """A key that lives in a phone, a computer or a stick; the row has its public half.

    `sign_count` is what the key last said of how often it was used (0: it does not count).
    """

    __tablename__ = "passkeys"
    __table_args__ = (UniqueConstraint("credential_id"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)


class HalfLogIn(Base):
    """Somebody whose password fitted and who has still to prove more: it opens nothing but that question.

    The cookie holds a random token, the row only its SHA-256. `wrong` counts what did not fit.
    """

    __tablename__ = "half_log_ins"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "user_id"), Index(None, "ends_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    began_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    wrong: Mapped[int] = mapped_column(default=0)


class AccountLink(Base):
    """A mailed link by which a person sets a password: the first one, or another for one they lost.

    The token is made when the mail is written, so a mail that never goes opens nothing; the row knows its
    SHA-256. It is over at `ends_at`, or when it was used or overtaken (`closed_at`).
    """

    __tablename__ = "account_links"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("kind IN ('invitation', 'lost')", name="kind"),
        Index(None, "user_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    token_hash: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class PasswordAsk(Base):
    """An address that somebody wrote into "I lost my password". The worker looks whose it is, and removes it.

    The page does not look, so that neither its words nor its time can tell who works here.
    """

    __tablename__ = "password_asks"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    address: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Instant)


class AccessReview(Base):
    """An administrator went through who may do what, and said so."""

    __tablename__ = "access_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    reviewed_at: Mapped[datetime] = mapped_column(Instant)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    people: Mapped[int]

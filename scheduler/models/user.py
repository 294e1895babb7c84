"""Staff: who may sign in, with which roles, in which log-ins."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.db.base import Base, Instant, enum_type


class Role(StrEnum):
    """What a member of staff may do; roles combine (SECURITY.md 1)."""

    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"


class User(Base):
    """A member of staff. `site_id` is where they usually work; a disabled one keeps their history.

    The PIN opens a locked page of an open log-in and nothing else.
    """

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id", ondelete="SET NULL"))
    is_demo: Mapped[bool] = mapped_column(default=False)
    wants_digest: Mapped[bool] = mapped_column(default=False)
    pin_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)

    roles: Mapped[list["UserRole"]] = relationship(
        cascade="all, delete-orphan", order_by="UserRole.role", lazy="selectin"
    )

    @property
    def role_set(self) -> frozenset[Role]:
        """All roles, to test with `&`."""
        return frozenset(row.role for row in self.roles)


class UserRole(Base):
    """One role of one member of staff."""

    __tablename__ = "user_roles"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"), primary_key=True)


class StaffSession(Base):
    """One log-in on one browser. The cookie holds a random token, the row only its SHA-256.

    `locked_at` is when somebody locked it by hand; without use it locks by itself (accounts/lock.py).
    `wrong_pins` counts the tries to open the lock since it was opened last. `proved_at` is when the password
    was last given in it; a log-in that a PIN opened has none.
    """

    __tablename__ = "staff_sessions"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None]
    locked_at: Mapped[datetime | None] = mapped_column(Instant)
    wrong_pins: Mapped[int] = mapped_column(default=0)
    proved_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str]
    agent: Mapped[str]


class LoginAttempt(Base):
    """One try to sign in: what throttling counts, by account and by address."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index(None, "account", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    succeeded: Mapped[bool]

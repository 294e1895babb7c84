"""Reading what somebody can prove beside the password, and who is half-way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.accounts.factors.needs import needs_factor
from scheduler.models import AuthenticatorApp, HalfLogIn, Passkey, RecoveryCode, User
from scheduler.tokens import token_hash

MOST_WRONG = 5


@dataclass(frozen=True)
class Factors:
    """What a person has: since when the app, which passkeys (the oldest first), how many codes on paper."""

    app_since: datetime | None
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def has_any(self) -> bool:
        """Whether a log-in asks for more than the password; codes on paper alone stand in for nothing."""
        return self.app_since is not None or bool(self.passkeys)


@dataclass(frozen=True)
class Half:
    """Somebody whose password fitted. Without `factors` they first have to set one up."""

    id: int
    token: str
    wrong: int
    user_id: int
    name: str
    email: str
    factors: Factors


def factors_of(session: Session, user_id: int) -> Factors:
    """What a person has."""
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return Factors(
        session.scalar(select(AuthenticatorApp.added_at).where(AuthenticatorApp.user_id == user_id)),
        session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all(),
        session.scalar(left) or 0,
    )


def factors_said(found: Factors) -> str:
    """What somebody has in words: "app, 2 passkeys"; "none" where it is nothing."""
    keys = len(found.passkeys)
    words = ["app"] * (found.app_since is not None)
    words += [f"{keys} passkey{'s' * (keys > 1)}"] * (keys > 0)
    return ", ".join(words) or "none"


def asks_for_more(session: Session, user: User) -> bool:
    """Whether the password alone does not open a log-in: they have a second factor, or need one."""
    return factors_of(session, user.id).has_any or needs_factor(session, user)


def half_of(session: Session, token: str, at: datetime) -> Half | None:
    """Who is half-way in with `token`; None where nobody is, or their time or their tries are over."""
    found = session.execute(
        select(HalfLogIn, User)
        .join(User, User.id == HalfLogIn.user_id)
        .where(
            HalfLogIn.token_hash == token_hash(token),
            HalfLogIn.ends_at > at,
            HalfLogIn.wrong < MOST_WRONG,
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        return None
    half, user = found
    return Half(half.id, token, half.wrong, user.id, user.name, user.email, factors_of(session, user.id))

"""What a mailed link opens: the page on which its owner sets a password."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.models import AccountLink, User
from scheduler.tokens import token_hash

DEAD = "This link opens nothing any more. Ask for a new one on the page where you sign in."


@dataclass(frozen=True)
class HeldLink:
    """An open link and whose it is; `is_invitation` for a first password."""

    link_id: int
    is_invitation: bool
    user_id: int
    name: str
    email: str


def link_of(session: Session, token: str, at: datetime) -> HeldLink:
    """The link behind `token`. Raises NotFoundError, in the same words whatever it once was."""
    found = session.execute(
        select(AccountLink, User)
        .join(User, User.id == AccountLink.user_id)
        .where(
            AccountLink.token_hash == token_hash(token),
            AccountLink.closed_at.is_(None),
            AccountLink.ends_at > at,
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFoundError(DEAD)
    link, user = found
    return HeldLink(link.id, link.kind == "invitation", user.id, user.name, user.email)

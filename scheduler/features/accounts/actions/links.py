"""Links by which somebody sets a password: asked for, sent to them alone, used once."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from scheduler.models import AccountLink, HalfLogIn

INVITED_FOR = timedelta(days=7)
LOST_FOR = timedelta(hours=1)
KEPT = timedelta(days=30)
LOST_AN_HOUR = 3
"""So many mails an hour are sent to one person, however often somebody asks."""


def open_link(session: Session, at: datetime, user_id: int, kind: str, lasts: timedelta) -> AccountLink:
    """Prepare a link; those before it are over. Its token is made when the mail is written."""
    close_links(session, at, user_id)
    link = AccountLink(user_id=user_id, kind=kind, made_at=at, ends_at=at + lasts)
    session.add(link)
    session.flush()
    return link


def close_links(session: Session, at: datetime, user_id: int) -> None:
    """All links of a person are over."""
    session.execute(
        update(AccountLink)
        .where(AccountLink.user_id == user_id, AccountLink.closed_at.is_(None))
        .values(closed_at=at)
    )


def has_had_enough(session: Session, at: datetime, user_id: int) -> bool:
    """Whether a person was sent as many links within the hour as anybody may be."""
    many = session.scalar(
        select(func.count())
        .select_from(AccountLink)
        .where(
            AccountLink.user_id == user_id,
            AccountLink.kind == "lost",
            AccountLink.made_at > at - timedelta(hours=1),
        )
    )
    return (many or 0) >= LOST_AN_HOUR


def forget_links(session: Session, at: datetime) -> None:
    """Remove links and halves of log-ins that have been over for a month."""
    session.execute(delete(AccountLink).where(AccountLink.ends_at < at - KEPT))
    session.execute(delete(HalfLogIn).where(HalfLogIn.ends_at < at - KEPT))

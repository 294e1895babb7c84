"""Log-ins: a row on the server for each, so that it can be ended from here at once.

A row dies at sign-out, when the password changes, when the person is disabled, after a time
without use, and after a time in any case.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.features.accounts.tablets import end_pins_of
from scheduler.features.audit.actions import record
from scheduler.models import StaffSession, User
from scheduler.tokens import new_token, token_hash

AGENT_LENGTH = 200
OPENED = "login.opened"


def open_session(
    session: Session,
    at: datetime,
    user: User,
    address: str,
    agent: str,
    config: Config,
    *,
    by_password: bool = True,
) -> str:
    """Begin a new log-in of `user`; returns the secret that the browser keeps.

    Without `by_password` it has still to be given before the person changes how they sign in.
    """
    token = new_token()
    session.add(
        StaffSession(
            token_hash=token_hash(token),
            user_id=user.id,
            created_at=at,
            last_seen_at=at,
            proved_at=at if by_password else None,
            ends_at=at + timedelta(hours=config.absolute_hours),
            address=address,
            agent=agent[:AGENT_LENGTH],
        )
    )
    record(session, Actor(user.id, user.name, address), at, OPENED, "user", user.id)
    return token


def end_session(session: Session, actor: Actor, at: datetime, token: str) -> None:
    """End one log-in; one that has ended already stays as it is."""
    found = session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == token_hash(token), StaffSession.ended_at.is_(None))
        .values(ended_at=at, end_reason="signed out")
        .returning(StaffSession.user_id)
    ).scalar()
    if found is not None:
        record(session, actor, at, "login.ended", "user", found)


def end_sessions_of(session: Session, at: datetime, user_id: int, reason: str) -> int:
    """End all log-ins of a person; returns how many there were. The caller writes the audit row.

    The tablets come first: one that is taken back at this moment has its log-in written by then.
    """
    end_pins_of(session, at, user_id)
    ended = session.execute(
        update(StaffSession)
        .where(StaffSession.user_id == user_id, StaffSession.ended_at.is_(None))
        .values(ended_at=at, end_reason=reason)
        .returning(StaffSession.id)
    )
    return len(ended.all())

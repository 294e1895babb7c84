"""Somebody leaves: the log-in closes, the history stays."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.accounts.actions.access_tokens import revoke_feed_of, revoke_tokens_of
from scheduler.features.accounts.actions.links import close_links
from scheduler.features.accounts.actions.sessions import end_sessions_of
from scheduler.features.audit.actions import record
from scheduler.models import User


def disable_user(session: Session, actor: Actor, at: datetime, user: User) -> None:
    """Close the log-in of `user` and everything that it has open; doing it again changes nothing."""
    if user.disabled_at is not None:
        return
    user.disabled_at = at
    ended = end_sessions_of(session, at, user.id, "disabled")
    tokens = revoke_tokens_of(session, at, user.id)
    revoke_feed_of(session, at, user.id)
    close_links(session, at, user.id)
    record(session, actor, at, "user.disabled", "user", user.id, sessions=ended, tokens=tokens)

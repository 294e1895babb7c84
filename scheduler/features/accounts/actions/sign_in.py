"""The last step of signing in, once the password has been looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.features.accounts.actions.attempts import attempt_failed, attempt_succeeded, forget_attempts
from scheduler.features.accounts.actions.change_password import store_stronger_hash
from scheduler.features.accounts.actions.sessions import end_session, open_session
from scheduler.features.accounts.passwords import Checked
from scheduler.features.accounts.queries import LiveSession, live_session, user_by_email


@dataclass(frozen=True)
class Attempt:
    """One try: its row, who it names, and from where. `old_token` is a log-in it replaces."""

    id: int
    email: str
    address: str
    agent: str
    old_token: str | None = None


def finish_sign_in(
    session: Session, at: datetime, attempt: Attempt, checked: Checked, config: Config
) -> tuple[str, LiveSession] | None:
    """Open a log-in where the password fits, else write that somebody failed and return None.

    A password that was changed while the old one was being looked at no longer fits.
    """
    user = user_by_email(session, attempt.email)
    if user is None or not checked.fits or user.password_hash != checked.stored:
        visitor = Actor(None, "visitor", attempt.address)
        attempt_failed(session, visitor, at, user.id if user else None)
        return None
    attempt_succeeded(session, attempt.id)
    forget_attempts(session, at)
    if checked.new_hash:
        store_stronger_hash(session, user, checked.new_hash)
    if attempt.old_token:
        end_session(session, Actor(user.id, user.name, attempt.address), at, attempt.old_token)
    token = open_session(session, at, user, attempt.address, attempt.agent, config)
    session.flush()
    found = live_session(session, token, at, timedelta(minutes=config.idle_minutes))
    return (token, found) if found else None

"""Signing in, once the password has been looked at: at once, or by a second step."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.features.accounts.actions.attempts import attempt_failed, attempt_succeeded, forget_attempts
from scheduler.features.accounts.actions.change_password import store_stronger_hash
from scheduler.features.accounts.actions.half_log_in import begin_half
from scheduler.features.accounts.actions.sessions import end_session, open_session
from scheduler.features.accounts.factors.queries import asks_for_more
from scheduler.features.accounts.passwords import Checked
from scheduler.features.accounts.queries import LiveSession, live_session, user_by_email
from scheduler.models import User


@dataclass(frozen=True)
class Place:
    """From where somebody signs in. `old_token` is a log-in that the new one replaces."""

    address: str
    agent: str
    old_token: str | None = None


@dataclass(frozen=True)
class Attempt:
    """One try: its row, who it names, and from where."""

    id: int
    email: str
    place: Place


@dataclass(frozen=True)
class Opened:
    """What a password opened: a whole log-in, or (`person` None) the question for more behind `token`."""

    token: str
    person: LiveSession | None


def finish_sign_in(
    session: Session, at: datetime, attempt: Attempt, checked: Checked, config: Config
) -> Opened | None:
    """Open what the password opens, else write that somebody failed and return None.

    A password that was changed while the old one was being looked at no longer fits.
    """
    user = user_by_email(session, attempt.email)
    if user is None or not checked.fits or user.password_hash != checked.stored:
        visitor = Actor(None, "visitor", attempt.place.address)
        attempt_failed(session, visitor, at, user.id if user else None)
        return None
    attempt_succeeded(session, attempt.id)
    forget_attempts(session, at)
    if checked.new_hash:
        store_stronger_hash(session, user, checked.new_hash)
    if asks_for_more(session, user):
        return Opened(begin_half(session, at, user), None)
    return let_in(session, at, user, attempt.place, config)


def let_in(
    session: Session, at: datetime, user: User, place: Place, config: Config, *, by_password: bool = True
) -> Opened | None:
    """Open a whole log-in for somebody who has proved enough, `by_password` or without it."""
    if place.old_token:
        end_session(session, Actor(user.id, user.name, place.address), at, place.old_token)
    token = open_session(session, at, user, place.address, place.agent, config, by_password=by_password)
    session.flush()
    found = live_session(session, token, at, timedelta(minutes=config.idle_minutes))
    return Opened(token, found) if found else None

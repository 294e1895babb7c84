"""A new password ends every log-in that the old one opened, and every mailed link to set one."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.half_log_in import end_halves_of
from scheduler.features.accounts.actions.links import close_links
from scheduler.features.accounts.actions.sessions import end_sessions_of
from scheduler.features.accounts.passwords import STRONG, Hasher, password_problem
from scheduler.features.audit.actions import record
from scheduler.models import User


def change_password(
    session: Session, actor: Actor, at: datetime, user: User, password: str, hasher: Hasher = STRONG
) -> None:
    """Give `user` a new password. Raises RuleError where it is too easy to guess."""
    problem = password_problem(password, (user.email, user.name))
    if problem:
        raise RuleError(problem, field="password")
    user.password_hash = hasher.hash(password)
    ended = end_sessions_of(session, at, user.id, "password changed")
    end_halves_of(session, user.id)
    close_links(session, at, user.id)
    record(session, actor, at, "user.password_changed", "user", user.id, sessions=ended)


def store_stronger_hash(session: Session, user: User, new_hash: str) -> None:
    """Keep the same password under today's parameters; no log-in ends."""
    user.password_hash = new_hash
    session.flush()

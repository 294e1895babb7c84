"""Tries to sign in: counted before the password is looked at, so that racing tries count each other."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_words
from scheduler.features.accounts.throttle import (
    PER_ACCOUNT,
    PER_ADDRESS,
    WINDOW,
    account_key,
    address_key,
    too_many,
)
from scheduler.features.audit.actions import record
from scheduler.models import LoginAttempt

KEPT = timedelta(days=30)


def begin_attempt(session: Session, at: datetime, email: str, address: str) -> int:
    """Count one try as failed until it has succeeded; returns its id.

    Raises TooManyTriesError, and counts nothing, where the account or the address has used up its
    tries of the last fifteen minutes.
    """
    account, place = account_key(email), address_key(address)
    for words in sorted((account, place)):
        lock_words(session, words)
    since = at - WINDOW
    last_success = session.scalar(
        select(func.max(LoginAttempt.at)).where(LoginAttempt.account == account, LoginAttempt.succeeded)
    )
    mine = max(since, last_success) if last_success else since
    for column, limit in (
        (_failed_since(LoginAttempt.account == account, mine), PER_ACCOUNT),
        (_failed_since(LoginAttempt.address == place, since), PER_ADDRESS),
    ):
        oldest = session.scalar(
            select(LoginAttempt.at)
            .where(column)
            .order_by(LoginAttempt.at.desc(), LoginAttempt.id.desc())
            .offset(limit - 1)
            .limit(1)
        )
        if oldest is not None:
            raise too_many(oldest, at)
    attempt = LoginAttempt(account=account, address=place, at=at, succeeded=False)
    session.add(attempt)
    session.flush()
    return attempt.id


def attempt_failed(session: Session, actor: Actor, at: datetime, user_id: int | None) -> None:
    """Write into the audit trail that somebody could not sign in; `user_id` where the account exists."""
    record(session, actor, at, "login.failed", "user", user_id)


def attempt_succeeded(session: Session, attempt_id: int) -> None:
    """The account's count begins anew."""
    session.execute(update(LoginAttempt).where(LoginAttempt.id == attempt_id).values(succeeded=True))


def forget_attempts(session: Session, at: datetime) -> None:
    """Remove tries that no rule counts any more."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < at - KEPT))


def _failed_since(whose: ColumnElement[bool], since: datetime) -> ColumnElement[bool]:
    return whose & LoginAttempt.succeeded.is_(False) & (LoginAttempt.at > since)

"""What members of staff change of their own account."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.actions.attempts import attempt_failed, attempt_succeeded
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.passwords import Checked, Hasher
from scheduler.features.accounts.tablets import end_pins_of
from scheduler.features.audit.actions import record
from scheduler.models import StaffSession, User
from scheduler.tokens import token_hash

WRONG = "This is not your present password. Nothing was changed."


def set_digest(session: Session, actor: Actor, at: datetime, user_id: int, *, wanted: bool) -> None:
    """Begin or stop sending the morning digest to a person."""
    user = session.get_one(User, user_id)
    if user.wants_digest != wanted:
        user.wants_digest = wanted
        record(session, actor, at, "user.changed", "user", user_id, fields=["wants_digest"])
        session.flush()


def end_other_sessions(session: Session, actor: Actor, at: datetime, user_id: int, token: str) -> int:
    """End all log-ins of a person but the one with the secret `token`; returns how many there were."""
    end_pins_of(session, at, user_id)
    ended = session.execute(
        update(StaffSession)
        .where(
            StaffSession.user_id == user_id,
            StaffSession.ended_at.is_(None),
            StaffSession.token_hash != token_hash(token),
        )
        .values(ended_at=at, end_reason="ended elsewhere")
        .returning(StaffSession.id)
    ).all()
    if ended:
        record(session, actor, at, "login.ended", "user", user_id, sessions=len(ended))
    return len(ended)


def end_one_session(session: Session, actor: Actor, at: datetime, user_id: int, session_id: int) -> None:
    """End one log-in of a person; one that has ended stays as it is. Raises NotFoundError for another's."""
    row = session.get(StaffSession, session_id)
    if row is None or row.user_id != user_id:
        raise NotFoundError("You have no such log-in.")
    if row.ended_at is None:
        row.ended_at, row.end_reason = at, "ended elsewhere"
        record(session, actor, at, "login.ended", "user", user_id, sessions=1)
        session.flush()


def prove_own_password(
    session: Session, actor: Actor, at: datetime, user_id: int, session_id: int, checked: Checked
) -> bool:
    """Note in a log-in that its owner gave the password again; False where it did not fit."""
    user = session.get_one(User, user_id)
    if not checked.fits or user.password_hash != checked.stored:
        attempt_failed(session, actor, at, user_id)
        return False
    session.get_one(StaffSession, session_id).proved_at = at
    record(session, actor, at, "login.proved", "user", user_id)
    session.flush()
    return True


def change_own_password(
    session: Session,
    actor: Actor,
    at: datetime,
    user_id: int,
    attempt_id: int,
    checked: Checked,
    password: str,
    hasher: Hasher,
) -> bool:
    """Take a new password where the present one fitted (counted as `attempt_id`), and end all log-ins.

    False where it did not fit, which is kept in the trail. Raises RuleError for one that is easy to guess.
    """
    user = session.get_one(User, user_id)
    if not checked.fits or user.password_hash != checked.stored:
        attempt_failed(session, actor, at, user_id)
        return False
    if user.is_demo:
        raise RuleError("The log-ins of the demo clinic keep their password.", field="password")
    change_password(session, actor, at, user, password, hasher)
    attempt_succeeded(session, attempt_id)
    return True

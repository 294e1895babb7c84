"""Locking a log-in, and opening the lock with a PIN or the password."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.attempts import attempt_failed
from scheduler.features.accounts.locking.pin import pin_problem
from scheduler.features.accounts.locking.watch import MOST_WRONG, Limits, Stage, Watch
from scheduler.features.accounts.passwords import Checked, Hasher
from scheduler.features.accounts.queries import limits_of
from scheduler.features.accounts.tablets import end_pins_of
from scheduler.features.audit.actions import record
from scheduler.models import AccessRules, StaffSession, User

TOO_MANY = "too many wrong PINs"


@dataclass(frozen=True)
class Opening:
    """How a try ended: `opened`, or how many are `left` (0: the log-in is over)."""

    opened: bool
    left: int = 0


def touch_session(session: Session, at: datetime, session_id: int, idle: timedelta) -> None:
    """Note that a person uses a log-in, unless it is locked."""
    row = _row(session, session_id)
    row.last_seen_at = _watch(row).used(at, _limits(session, idle)).last_seen_at


def lock_session(session: Session, actor: Actor, at: datetime, session_id: int, idle: timedelta) -> None:
    """Lock a log-in by hand; one that is locked stays as it is."""
    row = _row(session, session_id)
    locked_at = _watch(row).locked(at, _limits(session, idle)).locked_at
    if locked_at != row.locked_at:
        row.locked_at = locked_at
        record(session, actor, at, "login.locked", "user", row.user_id)


def begin_try(session: Session, at: datetime, session_id: int, idle: timedelta) -> bool:
    """Count a try before it is looked at, so that racing tries count each other. False where none is left."""
    row = _row(session, session_id)
    limits = _limits(session, idle)
    watch = _watch(row).tried(at, limits)
    row.wrong_pins = watch.wrong
    return watch.stage(at, limits) is Stage.LOCKED


def end_try(
    session: Session, actor: Actor, at: datetime, session_id: int, idle: timedelta, checked: Checked
) -> Opening:
    """Open the lock where a counted try fitted; after the last wrong one the log-in is over.

    A PIN or password that was changed while the old one was being looked at no longer fits.
    """
    row = _row(session, session_id)
    user = session.get_one(User, row.user_id)
    fits = checked.fits and checked.stored in {user.pin_hash, user.password_hash}
    before = _watch(row)
    after = before.judged(at, _limits(session, idle), fits=fits)
    row.locked_at, row.wrong_pins, row.last_seen_at = after.locked_at, after.wrong, after.last_seen_at
    if not fits:
        attempt_failed(session, actor, at, row.user_id)
    elif after != before:
        record(session, actor, at, "login.unlocked", "user", row.user_id)
    if after.ended and not before.ended:
        row.ended_at, row.end_reason = at, TOO_MANY
        end_pins_of(session, at, row.user_id)
        record(session, actor, at, "login.ended", "user", row.user_id, reason=TOO_MANY)
    opened = fits and after != before
    return Opening(opened, 0 if opened or after.ended else MOST_WRONG - after.wrong)


def set_pin(
    session: Session, actor: Actor, at: datetime, user_id: int, checked: Checked, pin: str, hasher: Hasher
) -> bool:
    """Take a PIN where the password fitted; an empty one takes the old PIN away.

    False where the password did not fit, which is kept in the trail. Raises RuleError for a PIN that is easy
    to guess.
    """
    user = session.get_one(User, user_id)
    if not checked.fits or user.password_hash != checked.stored:
        attempt_failed(session, actor, at, user_id)
        return False
    problem = pin_problem(pin) if pin else None
    if problem:
        raise RuleError(problem, field="pin")
    user.pin_hash = hasher.hash(pin) if pin else None
    record(session, actor, at, "user.pin_set" if pin else "user.pin_removed", "user", user_id)
    return True


def _row(session: Session, session_id: int) -> StaffSession:
    return session.get_one(StaffSession, session_id, with_for_update=True)


def _watch(row: StaffSession) -> Watch:
    ended = row.ended_at is not None
    return Watch(row.last_seen_at, row.ends_at, row.locked_at, row.wrong_pins, ended)


def _limits(session: Session, idle: timedelta) -> Limits:
    return limits_of(session.scalar(select(AccessRules.lock_minutes)), idle)

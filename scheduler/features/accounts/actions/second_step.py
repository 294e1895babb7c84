"""From half a log-in to a whole one: by proving a second factor, or by setting up the first."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.errors import ConflictError
from scheduler.features.accounts.actions.half_log_in import end_halves_of, try_half
from scheduler.features.accounts.actions.sign_in import Opened, Place, let_in
from scheduler.features.accounts.factors.queries import Half, factors_of
from scheduler.models import User


def prove_second(
    session: Session, at: datetime, half: Half, place: Place, config: Config, fits: Callable[[], bool]
) -> Opened | None:
    """Open the log-in where what was sent `fits`; None where it does not, which is counted."""
    if not try_half(session, person_of(half, place), at, half.id, fits):
        return None
    return _whole(session, at, half, place, config)


def set_up_second(
    session: Session, at: datetime, half: Half, place: Place, config: Config, add: Callable[[], list[str]]
) -> tuple[Opened, list[str]]:
    """Add the first factor and open the log-in; gives it and the recovery codes.

    Raises RuleError from `add`, ConflictError where there is one by now: a password alone replaces none.
    """
    session.get(User, half.user_id, with_for_update=True)
    if factors_of(session, half.user_id).has_any:
        raise ConflictError("A second factor is set up already. Sign in again and use it.")
    codes = add()
    opened = _whole(session, at, half, place, config)
    if opened is None:
        raise ConflictError("Your account was closed just now.")
    return opened, codes


def person_of(half: Half, place: Place) -> Actor:
    """Whoever gave the password, for the trail."""
    return Actor(half.user_id, half.name, place.address)


def _whole(session: Session, at: datetime, half: Half, place: Place, config: Config) -> Opened | None:
    end_halves_of(session, half.user_id)
    user = session.get_one(User, half.user_id)
    return None if user.disabled_at else let_in(session, at, user, place, config)

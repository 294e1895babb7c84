"""The second step of signing in: a row for whoever has given the password and has more to prove.

It is no log-in: no guard knows it, and it opens the question for the second factor alone. It ends after a
quarter of an hour or five wrong answers. Tries at the second factor are counted by person as well, so that
knowing the password does not buy five new ones each time.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.accounts.actions.attempts import attempt_failed, attempt_succeeded, begin_attempt
from scheduler.models import HalfLogIn, User
from scheduler.tokens import new_token, token_hash

LASTS = timedelta(minutes=15)


def begin_half(session: Session, at: datetime, user: User) -> str:
    """Ask somebody for more; returns the secret that the browser keeps."""
    token = new_token()
    session.execute(delete(HalfLogIn).where(HalfLogIn.ends_at <= at))
    session.add(HalfLogIn(token_hash=token_hash(token), user_id=user.id, began_at=at, ends_at=at + LASTS))
    session.flush()
    return token


def try_half(session: Session, actor: Actor, at: datetime, half_id: int, fits: Callable[[], bool]) -> bool:
    """Count a try, then look whether the answer `fits`.

    A wrong one is kept in the trail. Raises TooManyTriesError after ten wrong ones in a quarter of an hour.
    """
    half = session.get(HalfLogIn, half_id, with_for_update=True)
    if half is None:
        return False
    number = begin_attempt(session, at, f"second step of {half.user_id}", actor.address)
    if fits():
        attempt_succeeded(session, number)
        return True
    half.wrong += 1
    attempt_failed(session, actor, at, half.user_id)
    session.flush()
    return False


def end_halves_of(session: Session, user_id: int) -> None:
    """Whoever is half-way in as this person begins anew."""
    session.execute(delete(HalfLogIn).where(HalfLogIn.user_id == user_id))

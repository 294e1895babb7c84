"""Signing in with a passkey alone: two things in one, the key, and the finger or PIN that it asks for."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.features.accounts.actions.attempts import attempt_failed, attempt_succeeded, begin_attempt
from scheduler.features.accounts.actions.half_log_in import end_halves_of
from scheduler.features.accounts.actions.sign_in import Opened, Place, let_in
from scheduler.features.accounts.factors.door import asked_at
from scheduler.features.accounts.factors.passkeys import home_of, named_key, proved_count, signed_challenge
from scheduler.models import Passkey, User


def enter_by_passkey(
    session: Session, at: datetime, answer: str, place: Place, config: Config
) -> Opened | None:
    """Open the log-in of whose passkey answers the question at the door; None where none does.

    A wrong answer is counted and kept in the trail. Raises TooManyTriesError.
    """
    key = session.scalar(
        select(Passkey).where(Passkey.credential_id == (named_key(answer) or b"")).with_for_update()
    )
    number = begin_attempt(session, at, f"passkeys of {key.user_id if key else 0}", place.address)
    user = session.get_one(User, key.user_id) if key else None
    if key is None or user is None or user.disabled_at or not _proves(at, answer, key, config):
        attempt_failed(session, Actor(None, "visitor", place.address), at, user.id if user else None)
        return None
    attempt_succeeded(session, number)
    end_halves_of(session, user.id)
    return let_in(session, at, user, place, config, by_password=False)


def _proves(at: datetime, answer: str, key: Passkey, config: Config) -> bool:
    home, challenge = home_of(config.base_url), signed_challenge(answer)
    asked = asked_at(challenge, at, config)
    if home is None or challenge is None or asked is None:
        return False
    if key.last_used_at is not None and asked <= key.last_used_at:
        return False
    count = proved_count(home, challenge, answer, key.public_key, key.sign_count, verified=True)
    if count is None:
        return False
    key.sign_count, key.last_used_at = count, at
    return True

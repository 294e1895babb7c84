"""Asking for a link because a password is lost, and setting a password by a link."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.link_throttle import count_try
from scheduler.features.accounts.open_links import DEAD, link_of
from scheduler.features.accounts.passwords import Hasher
from scheduler.features.accounts.throttle import account_key, address_key, normal_email
from scheduler.models import AccountLink, PasswordAsk, User

ASKS = 20  # By address: a clinic's whole staff may sit behind one.


def ask_for_link(session: Session, at: datetime, email: str, address: str) -> None:
    """Keep the question for the worker, whoever asks. Raises TooManyTriesError after 20 from one address."""
    count_try(session, at, account_key("a lost password"), f"lost:{address_key(address)}", ASKS)
    session.add(PasswordAsk(email=normal_email(email), address=address, asked_at=at))
    session.flush()


def set_by_link(
    session: Session, at: datetime, token: str, password: str, hasher: Hasher, address: str
) -> None:
    """Take the password of whoever holds a link; all their log-ins and links end, this one too.

    Raises NotFoundError for a link that opens nothing, RuleError for a password that is easy to guess.
    """
    held = link_of(session, token, at)
    if session.scalar(select(AccountLink.closed_at).where(AccountLink.id == held.link_id).with_for_update()):
        raise NotFoundError(DEAD)
    user = session.get_one(User, held.user_id)
    if user.is_demo:
        raise RuleError("The log-ins of the demo clinic keep their password.", field="password")
    actor = Actor(user.id, user.name, address)
    change_password(session, actor, at, user, password, hasher)

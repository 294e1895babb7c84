"""Changes of staff that a form of the settings makes, as one thing each."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.accounts.actions.change_password import change_password
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.features.accounts.actions.disable_user import disable_user
from scheduler.features.accounts.actions.edit_user import edit_user, enable_user, keep_one_administrator
from scheduler.features.accounts.passwords import Hasher
from scheduler.features.capacity.actions.leave import end_duty
from scheduler.features.settings.actions.account_mail import invite, reset_second_factor
from scheduler.models import Role, User
from scheduler.tokens import new_token


def take_on(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    site_id: int | None,
    password: str,
    hasher: Hasher,
) -> None:
    """Give somebody a log-in; without a `password` they are invited to choose it.

    Raises RuleError or ConflictError with the sentence for the form.
    """
    user = create_user(
        session,
        actor,
        at,
        email=email,
        name=name,
        password=password or new_token(),
        roles=roles,
        site_id=site_id,
        hasher=hasher,
    )
    if not password:
        invite(session, actor, at, user)


def change_person(
    session: Session,
    actor: Actor,
    at: datetime,
    user_id: int,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    site_id: int | None,
) -> None:
    """Change who somebody is."""
    edit_user(
        session, actor, at, _user(session, user_id), email=email, name=name, roles=roles, site_id=site_id
    )


def set_password(
    session: Session, actor: Actor, at: datetime, user_id: int, password: str, hasher: Hasher
) -> None:
    """A new password by an administrator: every open log-in of the person ends."""
    change_password(session, actor, at, _user(session, user_id), password, hasher)


def invite_again(session: Session, actor: Actor, at: datetime, user_id: int) -> None:
    """Send a link to choose a password; the one before is over. Raises ConflictError."""
    invite(session, actor, at, _user(session, user_id))


def reset_factor(session: Session, actor: Actor, at: datetime, user_id: int) -> None:
    """Take the second factor away from somebody who lost it, and tell them. Raises ConflictError."""
    reset_second_factor(session, actor, at, _user(session, user_id))


def let_go(session: Session, actor: Actor, at: datetime, user_id: int, first_day_off: date) -> None:
    """Somebody leaves: log-ins and tokens end now, shifts from `first_day_off` on."""
    user = _user(session, user_id)
    if user.id == actor.user_id:
        raise ConflictError("You can't close your own log-in. Another administrator can.")
    if user.disabled_at is None and Role.ADMINISTRATOR in user.role_set:
        keep_one_administrator(session, user)
    disable_user(session, actor, at, user)
    end_duty(session, actor, at, user.id, first_day_off)


def take_back(session: Session, actor: Actor, at: datetime, user_id: int) -> None:
    """Somebody who left is back."""
    enable_user(session, actor, at, _user(session, user_id))


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("There is no such member of staff. Choose somebody from the list.")
    return user

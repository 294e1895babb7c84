"""Setting up what is proved beside the password, and taking it away."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.accounts.actions.sessions import end_sessions_of
from scheduler.features.accounts.factors.app_codes import fitting_step
from scheduler.features.accounts.factors.needs import needs_factor
from scheduler.features.accounts.factors.passkeys import NewKey
from scheduler.features.accounts.factors.queries import factors_of
from scheduler.features.accounts.factors.recovery import code_hash, new_codes
from scheduler.features.accounts.factors.sealing import sealed
from scheduler.features.audit.actions import record
from scheduler.models import AuthenticatorApp, HalfLogIn, Passkey, RecoveryCode, User

LONGEST_NAME = 60
MOST_PASSKEYS = 10
NAME_IT = (
    f"Write a name of at most {LONGEST_NAME} letters that no other passkey of yours has, such as “Phone”."
)
NOT_THIS_CODE = "That is not the code that the app shows now. Wait for the next one and write it."
LAST = "You need a second factor. Set up another one first, then take this one away."


def add_app(
    session: Session, actor: Actor, at: datetime, user_id: int, secret: str, code: str, key: str
) -> list[str]:
    """Take an app whose `code` shows that it holds `secret`; it replaces the one before.

    Gives the recovery codes where these are the first. Raises RuleError where the code does not fit.
    """
    step = fitting_step(secret, "".join(code.split()), at)
    if step is None:
        raise RuleError(NOT_THIS_CODE, field="code")
    row = session.get(AuthenticatorApp, user_id) or AuthenticatorApp(user_id=user_id)
    row.secret, row.last_step, row.added_at = sealed(secret, user_id, key), step, at
    session.add(row)
    record(session, actor, at, "factor.app_added", "user", user_id)
    return _first_codes(session, actor, at, user_id)


def add_passkey(
    session: Session, actor: Actor, at: datetime, user_id: int, made: NewKey, name: str
) -> list[str]:
    """Take a passkey under a name. Gives the recovery codes where these are the first.

    Raises RuleError for a name that can't be, ConflictError for a key that is known or one too many.
    """
    known = factors_of(session, user_id).passkeys
    words = _name_among(known, name)
    if len(known) >= MOST_PASSKEYS:
        raise ConflictError(f"You have {MOST_PASSKEYS} passkeys. Take one away first.")
    if session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)) is not None:
        raise ConflictError("This passkey is known already.")
    session.add(
        Passkey(
            user_id=user_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=words,
            added_at=at,
        )
    )
    record(session, actor, at, "factor.passkey_added", "user", user_id)
    return _first_codes(session, actor, at, user_id)


def rename_passkey(
    session: Session, actor: Actor, at: datetime, user_id: int, passkey_id: int, name: str
) -> None:
    """Call a passkey something else; the name it has changes nothing.

    Raises RuleError for a name that can't be, NotFoundError for another's passkey.
    """
    row = _passkey(session, user_id, passkey_id)
    others = [one for one in factors_of(session, user_id).passkeys if one.id != passkey_id]
    words = _name_among(others, name)
    if words != row.name:
        row.name = words
        record(session, actor, at, "factor.passkey_renamed", "user", user_id, passkey_id=passkey_id)
        session.flush()


def renew_codes(session: Session, actor: Actor, at: datetime, user_id: int) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more. Raises ConflictError without a factor."""
    if not factors_of(session, user_id).has_any:
        raise ConflictError("Set up an app or a passkey first. The codes stand in for it.")
    return _new_codes(session, actor, at, user_id)


def remove_app(session: Session, actor: Actor, at: datetime, user_id: int) -> None:
    """Take the app away. Raises ConflictError where the person must keep it."""
    row = session.get(AuthenticatorApp, user_id)
    if row is None:
        return
    session.delete(row)
    _settle(session, actor, at, user_id, "factor.app_removed")


def remove_passkey(session: Session, actor: Actor, at: datetime, user_id: int, passkey_id: int) -> None:
    """Take a passkey away. Raises ConflictError where the person must keep it, NotFoundError."""
    session.delete(_passkey(session, user_id, passkey_id))
    _settle(session, actor, at, user_id, "factor.passkey_removed")


def reset_factors(session: Session, actor: Actor, at: datetime, user: User) -> None:
    """Take all of it away from somebody who lost it; their log-ins end, the next one sets up anew."""
    _forget(session, user.id)
    ended = end_sessions_of(session, at, user.id, "second factor reset")
    record(session, actor, at, "factor.reset", "user", user.id, sessions=ended)
    session.flush()


def _passkey(session: Session, user_id: int, passkey_id: int) -> Passkey:
    row = session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id))
    if row is None:
        raise NotFoundError("You have no such passkey.")
    return row


def _name_among(others: Iterable[Passkey], name: str) -> str:
    """The name as it is kept. Two with one name could not be told apart on the day one of them is lost."""
    words = " ".join(name.split())
    if not 0 < len(words) <= LONGEST_NAME or words.casefold() in {one.name.casefold() for one in others}:
        raise RuleError(NAME_IT, field="name")
    return words


def _forget(session: Session, user_id: int) -> None:
    for table in (AuthenticatorApp, Passkey, RecoveryCode, HalfLogIn):
        session.execute(delete(table).where(table.user_id == user_id))


def _settle(session: Session, actor: Actor, at: datetime, user_id: int, action: str) -> None:
    """After something was taken away: is enough left, and without any factor no codes either."""
    session.flush()
    if not factors_of(session, user_id).has_any:
        if needs_factor(session, session.get_one(User, user_id)):
            raise ConflictError(LAST)
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    record(session, actor, at, action, "user", user_id)
    session.flush()


def _first_codes(session: Session, actor: Actor, at: datetime, user_id: int) -> list[str]:
    session.flush()
    if factors_of(session, user_id).codes_left:
        return []
    return _new_codes(session, actor, at, user_id)


def _new_codes(session: Session, actor: Actor, at: datetime, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = new_codes()
    session.add_all(
        RecoveryCode(user_id=user_id, code_hash=code_hash(user_id, code), made_at=at) for code in codes
    )
    record(session, actor, at, "factor.codes_made", "user", user_id)
    session.flush()
    return codes

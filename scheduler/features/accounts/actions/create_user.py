"""Take on a member of staff."""

from collections.abc import Iterable
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.accounts.passwords import STRONG, Hasher, password_problem
from scheduler.features.accounts.throttle import normal_email
from scheduler.features.audit.actions import record
from scheduler.models import Role, User, UserRole


def create_user(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    email: str,
    name: str,
    password: str,
    roles: Iterable[Role],
    site_id: int | None = None,
    is_demo: bool = False,
    hasher: Hasher = STRONG,
) -> User:
    """Add a log-in. Raises RuleError for an address or a password that can't be taken, ConflictError
    for an address that is in use.

    A demo log-in has a public password on purpose and is refused off loopback instead.
    """
    address = checked_email(email)
    problem = None if is_demo else password_problem(password, (address, name))
    if problem:
        raise RuleError(problem, field="password")
    held = sorted(set(roles))
    if not held:
        raise RuleError("Choose at least one role.", field="roles")
    user = User(
        email=address,
        name=name.strip(),
        password_hash=hasher.hash(password),
        site_id=site_id,
        is_demo=is_demo,
        created_at=at,
        roles=[UserRole(role=role) for role in held],
    )
    session.add(user)
    session.flush()
    record(session, actor, at, "user.created", "user", user.id, roles=[role.value for role in held])
    return user


def checked_email(text: str) -> str:
    """An address as it is kept. Raises RuleError where it is none."""
    try:
        validate_email(normal_email(text), check_deliverability=False)
    except EmailNotValidError:
        raise RuleError("Write the whole e-mail address, such as ana@example.org.", field="email") from None
    return normal_email(text)

"""Who has to prove more than a password (SECURITY.md 4).

Clinicians and administrators must, because they reach what harms most; everybody else as the clinic decides.
A demo log-in need not: its password is public and it opens on this machine alone.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import AccessRules, Role, User

ALWAYS = frozenset({Role.CLINICIAN, Role.ADMINISTRATOR})


def must_have(roles: Iterable[Role], *, is_demo: bool, for_all: bool) -> bool:
    """Whether somebody with these roles needs a second factor."""
    return not is_demo and (for_all or bool(ALWAYS & set(roles)))


def asked_of_all(session: Session) -> bool:
    """Whether the clinic asks everybody."""
    return bool(session.scalar(select(AccessRules.factor_for_all)))


def needs_factor(session: Session, user: User) -> bool:
    """Whether this person needs a second factor as things are."""
    return must_have(user.role_set, is_demo=user.is_demo, for_all=asked_of_all(session))

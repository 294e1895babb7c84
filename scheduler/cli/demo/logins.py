"""The log-ins of the demo clinic, as commands print them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from scheduler.features.accounts.demo_logins import DEMO_PASSWORD
from scheduler.features.accounts.queries import demo_logins


@dataclass(frozen=True)
class Login:
    """One log-in: its role as the database names it, the address and the public password."""

    role: str
    email: str
    password: str


def logins_of(session: Session) -> list[Login]:
    """All of them in the order of the roles; none where this is a real clinic."""
    return [Login(found.key, found.email, DEMO_PASSWORD) for found in demo_logins(session)]


def as_lines(logins: Sequence[Login]) -> str:
    """`role e-mail password`, one line each."""
    return "\n".join(f"{login.role} {login.email} {login.password}" for login in logins)


def as_json(logins: Sequence[Login]) -> str:
    """A list of objects with role, email and password."""
    return json.dumps([asdict(login) for login in logins], indent=2)

"""Somebody who may see patients' charts, and so needs a second factor; and a clock that is moved by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyotp
import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.features.accounts.factors.app_codes import secret_from
from scheduler.features.accounts.factors.sealing import sealed
from scheduler.models import AuthenticatorApp, Role, User
from tests.features.accounts.conftest import PASSWORD, Accounts
from tests.support.clinic import NOW
from tests.support.sign_in import CHEAP, csrf_token

SECRET = secret_from(b"a secret of the tests")
Wall = time_machine.Traveller


@dataclass(frozen=True)
class Vera:
    """The clinician, and how she sends forms."""

    user: User
    email: str = "vera@riverside.example.org"

    def sign_in(self, client: FlaskClient, **fields: str) -> TestResponse:
        """Her password."""
        return send(client, "/sign-in", email=self.email, password=PASSWORD, **fields)


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send a form as a browser would."""
    return client.post(path, data={**fields, "csrf_token": csrf_token(client)})


def code_at(at: datetime) -> str:
    """What the app of the tests shows."""
    return pyotp.TOTP(SECRET).at(at)


def give_app(database: Database, config: Config, user: User) -> None:
    """An app that holds `SECRET`."""
    with database.write() as session:
        body = sealed(SECRET, user.id, config.secret_key)
        session.add(AuthenticatorApp(user_id=user.id, secret=body, last_step=0, added_at=NOW))


@pytest.fixture
def wall() -> Iterator[Wall]:
    """The clock on the wall."""
    with time_machine.travel(NOW, tick=False) as found:
        yield found


@pytest.fixture
def vera(sqlite: Database, accounts: Accounts, wall: Wall) -> Vera:
    """A clinician with `PASSWORD`."""
    with sqlite.write() as session:
        user = create_user(
            session,
            COMMAND,
            NOW,
            email="vera@riverside.example.org",
            name="Vera Ortiz",
            password=PASSWORD,
            roles=[Role.CLINICIAN],
            site_id=accounts.clinic.site.id,
            hasher=CHEAP,
        )
    return Vera(user)

"""The small clinic with one person who has a password, and its application."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.actor import COMMAND
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.accounts.actions.create_user import create_user
from scheduler.models import Role, User
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.sign_in import CHEAP, cheap_app

PASSWORD = "four unlikely harbour words"


@dataclass(frozen=True)
class Accounts:
    """The clinic, somebody with `PASSWORD`, and somebody of the demo."""

    clinic: SmallClinic
    ada: User


def add_accounts(database: Database) -> Accounts:
    """Put them into `database`."""
    with database.write() as session:
        clinic = small_clinic(session)
        ada = create_user(
            session,
            COMMAND,
            NOW,
            email="Ada@Riverside.example.org",
            name="Ada Byron",
            password=PASSWORD,
            roles=[Role.FRONT_DESK],
            site_id=clinic.site.id,
            hasher=CHEAP,
        )
    return Accounts(clinic, ada)


@pytest.fixture
def accounts(sqlite: Database) -> Accounts:
    """On SQLite, for rules that no database takes part in."""
    return add_accounts(sqlite)


@pytest.fixture
def app(config: Config, sqlite: Database, accounts: Accounts) -> Flask:
    """The application on the same database."""
    return cheap_app(config, sqlite)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()

"""The small clinic at a fixed moment, and clients signed in with each role."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.sign_in import cheap_app, sign_in

SignedIn = Callable[[str], FlaskClient]


def morning_clinic(database: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """The small clinic, committed, with the clock on the morning of `NOW`."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with database.write() as session:
        return small_clinic(session)


def clients_of(config: Config, database: Database, clinic: SmallClinic) -> SignedIn:
    """Makes clients of somebody with a role, such as `as_role("front_desk")`."""
    app = cheap_app(config, database)

    def client_of(role: str) -> FlaskClient:
        client = app.test_client()
        sign_in(client, database, clinic.users[role])
        return client

    return client_of


@pytest.fixture
def clinic(database: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """The small clinic, on the morning of `NOW`."""
    return morning_clinic(database, monkeypatch)


@pytest.fixture
def as_role(config: Config, database: Database, clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role."""
    return clients_of(config, database, clinic)

"""The small clinic, the application at a fixed moment, and clients signed in with each role."""

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.sign_in import cheap_app, sign_in


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, committed."""
    with database.write() as session:
        return small_clinic(session)


@pytest.fixture
def desk_clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """The small clinic on the morning of `NOW`, for pages: they are the same on both databases."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        return small_clinic(session)


@pytest.fixture
def as_role(config: Config, sqlite: Database, desk_clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role, such as `as_role("front_desk")`."""
    app = cheap_app(config, sqlite)

    def client_of(role: str) -> FlaskClient:
        client = app.test_client()
        sign_in(client, sqlite, desk_clinic.users[role])
        return client

    return client_of


@pytest.fixture
def desk(as_role: SignedIn) -> FlaskClient:
    """A client of the front desk."""
    return as_role("front_desk")

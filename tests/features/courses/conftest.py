"""The small clinic, the application at a fixed moment, and clients signed in with each role."""

import pytest
from flask.testing import FlaskClient

from scheduler.config import Config
from scheduler.db import Database
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import SmallClinic


@pytest.fixture
def desk_clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """The small clinic on the morning of `NOW`, for pages: they are the same on both databases."""
    return morning_clinic(sqlite, monkeypatch)


@pytest.fixture
def as_role(config: Config, sqlite: Database, desk_clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role, on SQLite alone."""
    return clients_of(config, sqlite, desk_clinic)


@pytest.fixture
def desk(as_role: SignedIn) -> FlaskClient:
    """A client of the front desk."""
    return as_role("front_desk")

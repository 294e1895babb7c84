"""The small clinic on SQLite alone: what the pages show no database takes part in."""

import pytest

from scheduler.config import Config
from scheduler.db import Database
from tests.features.conftest import SignedIn, clients_of, morning_clinic
from tests.support.clinic import SmallClinic


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """On the morning of `NOW`."""
    return morning_clinic(sqlite, monkeypatch)


@pytest.fixture
def as_role(config: Config, sqlite: Database, clinic: SmallClinic) -> SignedIn:
    """A client of somebody with the role."""
    return clients_of(config, sqlite, clinic)

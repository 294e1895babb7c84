"""What an administrator changes while a course is under way."""

import pytest
from flask.testing import FlaskClient

from scheduler import clock
from scheduler.config import Config
from scheduler.db import Database
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.sign_in import cheap_app, sign_in
from tests.support.visits import add_six

DAYS = [TODAY.replace(day=day) for day in (10, 12, 16, 18, 20, 23)]


@pytest.fixture
def running(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> SmallClinic:
    """Six visits at nine on the first of two chairs, the first of them on Tuesday next week."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with sqlite.write() as session:
        found = small_clinic(session)
        add_six(session, found, DAYS)
    return found


@pytest.fixture
def boss(config: Config, sqlite: Database, running: SmallClinic) -> FlaskClient:
    """The administrator's browser."""
    client = cheap_app(config, sqlite).test_client()
    sign_in(client, sqlite, running.users["administrator"])
    return client

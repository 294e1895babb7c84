"""A small clinic with one request, for the rules of consultations."""

import pytest

from scheduler.db import Database
from tests.support.clinic import SmallClinic, small_clinic
from tests.support.requests import make_request


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, in the test's database, with request number 1."""
    with database.write() as session:
        found = small_clinic(session)
        make_request(session, found)
        return found

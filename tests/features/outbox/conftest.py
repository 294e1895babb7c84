"""A small clinic with one booked course, for the rules of messages."""

import pytest

from scheduler.db import Database
from tests.support.clinic import SmallClinic, small_clinic


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, in the test's database."""
    with database.write() as session:
        return small_clinic(session)

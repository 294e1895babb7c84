"""A course that is over and can be signed, on both databases and on SQLite alone."""

import pytest

from scheduler.db import Database
from tests.support.course_logs import Signer, signer


@pytest.fixture
def over(database: Database) -> Signer:
    """On SQLite and PostgreSQL in turn."""
    return signer(database)


@pytest.fixture
def fast(sqlite: Database) -> Signer:
    """On SQLite, for rules that no database takes part in."""
    return signer(sqlite)

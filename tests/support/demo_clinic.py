"""The demo clinic for tests: made with a password hash that costs nothing, and reduced to one digest."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.demo.fill import fill_once
from scheduler.db import Database
from scheduler.features.accounts.passwords import Hasher
from scheduler.models import metadata

CHEAP = Hasher(memory_kib=64, passes=1, lanes=1)
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8000"
SALTED = {("users", "password_hash")}
COUNTERS = {"capacity_stamp"}  # How often something was written, which each database counts in its own way.


def make_clinic(database: Database, seed: int = 6, now: datetime = MONDAY) -> bool:
    """Fill `database` as the command does."""
    return fill_once(database, now, seed, ADDRESS, CHEAP)


def digest(session: Session) -> str:
    """One text for everything in the database but what is salted or merely counts writes."""
    found = hashlib.sha256()
    for table in metadata.sorted_tables:
        if table.name in COUNTERS:
            continue
        columns = [column for column in table.columns if (table.name, column.name) not in SALTED]
        rows = session.execute(select(*columns).order_by(*table.primary_key.columns)).all()
        text = json.dumps([table.name, [list(row) for row in rows]], sort_keys=True, default=_plain)
        found.update(text.encode())
    return found.hexdigest()


def rows_in(session: Session) -> int:
    """All rows of all tables."""
    return sum(
        len(session.execute(select(*table.primary_key.columns)).all()) for table in metadata.sorted_tables
    )


def _plain(value: Any) -> str:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)

"""A full disk in the middle of an import: what was brought in stays whole, and the rest comes afterwards.

SQLite itself says that it is full: it may not grow beyond the pages that it has and a few more.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import event, func, select

from scheduler.db import Database
from scheduler.features.patients.imports.adding import BATCH
from scheduler.models import ImportState, Patient, PatientImportRow, PatientSearchKey, RowOutcome
from scheduler.worker.imports import AGAIN, look
from tests.features.conftest import SignedIn
from tests.features.patients.imports.conftest import HEAD, rows, step, the_import, worker
from tests.support.clinic import NOW

ROWS, ROOM = 3 * BATCH, 60


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The pages of a PostgreSQL server can't be counted from here; its 53100 is told in the same words."""
    return sqlite


@contextmanager
def almost_full(database: Database, room: int) -> Iterator[None]:
    """Let the database grow by so many pages and no more."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    with database.read() as session:
        pages = int(session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()) + room
    event.listen(database.engine, "connect", limit)
    database.dispose()
    yield
    event.remove(database.engine, "connect", limit)
    database.dispose()


def whole(database: Database) -> int:
    """How many patients of the file are in, each with their keys and their row."""
    with database.read() as session:
        added = select(PatientImportRow.patient_id).where(PatientImportRow.outcome == RowOutcome.ADDED)
        keyed = select(func.count(PatientSearchKey.patient_id.distinct())).where(
            PatientSearchKey.patient_id.in_(added)
        )
        count = session.scalar(select(func.count()).where(Patient.id.in_(added))) or 0
        everybody = session.scalar(select(func.count()).select_from(Patient)) or 0
        assert session.scalar(keyed) == count == everybody - 1
        return count


def test_a_full_disk_stops_an_import_between_batches_and_it_goes_on_once_there_is_room(
    database: Database, as_role: SignedIn, bring: Callable[..., int]
) -> None:
    desk = as_role("front_desk")
    import_id = bring(desk, HEAD + rows(ROWS), add=False)
    assert step(desk, import_id, "add").status_code == 303
    with almost_full(database, ROOM):
        look(worker(database))
        stopped = whole(database)
        page = unescape(desk.get(f"/patients/import/{import_id}").text)
    assert the_import(database, import_id).state is ImportState.ADDING
    assert 0 < stopped < ROWS and stopped % BATCH == 0
    assert "The disk of the database is full. What was done so far stays as it is" in page
    assert "Nothing was saved" not in page
    look(worker(database, now=lambda: NOW + AGAIN + timedelta(seconds=1)))
    assert the_import(database, import_id).state is ImportState.DONE
    assert whole(database) == ROWS

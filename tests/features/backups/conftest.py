"""A clinic with data, and a folder for its backups."""

from pathlib import Path

import pytest

from scheduler.db import Database
from scheduler.features.backups.folder import Folder
from tests.support.clinic import small_clinic
from tests.support.postgres_binaries import find_binaries


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A backup folder with a key of its own; PostgreSQL's programs are those of the server under test."""
    programs = find_binaries()
    if programs is not None:
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return Folder(tmp_path / "backups", tmp_path / "home" / "backup_key", None, 3)


@pytest.fixture
def filled(database: Database) -> Database:
    """The small clinic in a database of each kind."""
    with database.write() as session:
        small_clinic(session)
    return database

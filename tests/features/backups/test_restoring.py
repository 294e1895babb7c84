"""A backup is worth what restoring it gives back, on both databases."""

from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import delete, func, select, text

from scheduler.db import Database
from scheduler.errors import BusyError, ConfigError, ConflictError, RuleError
from scheduler.features.backups.folder import Folder, read_key
from scheduler.features.backups.make import make_backup
from scheduler.features.backups.restore import restore_backup, verify_backup
from scheduler.models import Patient, PatientSearchKey, Site
from tests.support.clinic import NOW, make_patient


def patients(database: Database) -> list[str]:
    """The record numbers that stand in the database."""
    with database.read() as session:
        return list(session.scalars(select(Patient.record_number).order_by(Patient.record_number)))


def test_what_was_there_at_the_backup_is_there_after_restoring(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    before = patients(filled)
    with filled.write() as session:
        session.execute(delete(PatientSearchKey))
        session.execute(delete(Patient))
    filled.dispose()
    found = restore_backup(made.path, read_key(folder.key_path), filled.url, replace=True)
    assert patients(filled) == before
    assert found.rows["patients"] == 1
    assert found.made_at == NOW


def test_guards_of_the_database_are_back_after_restoring(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    filled.dispose()
    restore_backup(made.path, read_key(folder.key_path), filled.url, replace=True)
    with filled.read() as session:
        if filled.url.startswith("sqlite"):
            counted = text(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ex_infusions%'"
            )
        else:
            counted = text("SELECT count(*) FROM pg_constraint WHERE conname LIKE 'ex_infusions%'")
        assert session.scalar(counted) > 0


def test_backup_is_one_moment_while_somebody_writes(filled: Database, folder: Folder) -> None:
    with filled.write() as session:
        site = session.scalars(select(Site)).one()
        make_patient(session, site, 77)
        session.flush()
        if not filled.url.startswith(
            "sqlite"
        ):  # SQLite's one writer holds the file; WAL readers see the past.
            made = make_backup(filled.url, folder, NOW)
            assert verify_backup(made.path, read_key(folder.key_path), filled.url).rows["patients"] == 1
    made = make_backup(filled.url, folder, NOW)
    assert verify_backup(made.path, read_key(folder.key_path), filled.url).rows["patients"] == 2


def test_verifying_changes_nothing_and_leaves_nothing(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    with filled.write() as session:
        make_patient(session, session.scalars(select(Site)).one(), 78)
    before = patients(filled)
    verify_backup(made.path, read_key(folder.key_path), filled.url)
    assert patients(filled) == before
    assert [path.name for path in folder.path.iterdir()] == [made.path.name]


def test_data_are_replaced_only_when_that_is_said(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    with pytest.raises(ConflictError, match="--replace"):
        restore_backup(made.path, read_key(folder.key_path), filled.url, replace=False)


@pytest.mark.parametrize("place", [30, 200, -40])
def test_altered_backup_is_refused(filled: Database, folder: Folder, place: int) -> None:
    made = make_backup(filled.url, folder, NOW)
    content = bytearray(made.path.read_bytes())
    content[place] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(RuleError, match="not a whole backup"):
        verify_backup(made.path, read_key(folder.key_path), filled.url)


def test_backup_that_was_cut_off_is_refused(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    made.path.write_bytes(made.path.read_bytes()[:-1000])
    with pytest.raises(RuleError, match="not a whole backup"):
        restore_backup(made.path, read_key(folder.key_path), filled.url, replace=True)
    assert patients(filled)


def test_another_key_opens_nothing(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    with pytest.raises(RuleError, match="key is not its own"):
        verify_backup(made.path, pyrage.x25519.Identity.generate(), filled.url)


def test_nothing_in_the_file_can_be_read(filled: Database, folder: Folder) -> None:
    content = make_backup(filled.url, folder, NOW).path.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"Lindqvist" not in content


def test_only_the_owner_can_read_backup_and_key(filled: Database, folder: Folder) -> None:
    made = make_backup(filled.url, folder, NOW)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert folder.key_path.stat().st_mode & 0o777 == 0o600


def test_sealed_for_a_key_that_is_not_on_the_machine(filled: Database, folder: Folder) -> None:
    away = pyrage.x25519.Identity.generate()
    made = make_backup(filled.url, replace(folder, recipient_text=str(away.to_public())), NOW)
    assert not folder.key_path.exists()
    assert verify_backup(made.path, away, filled.url).rows["patients"] == 1


def test_wrong_recipient_is_named(sqlite: Database, folder: Folder) -> None:
    with pytest.raises(ConfigError, match="SIXFOLD_BACKUP_RECIPIENT"):
        make_backup(sqlite.url, replace(folder, recipient_text="age1nonsense"), NOW)


def test_oldest_backups_go(sqlite: Database, folder: Folder) -> None:
    made = [make_backup(sqlite.url, folder, NOW).path for _ in range(5)]
    kept = sorted(path.name for path in folder.path.iterdir())
    assert len(kept) == folder.keep
    assert made[-1].name in kept


def test_disk_that_takes_nothing_is_said_and_leaves_no_file(sqlite: Database, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(BusyError, match="could not be written"):
        make_backup(sqlite.url, Folder(blocked / "backups", tmp_path / "key", None, 3), NOW)
    assert blocked.is_file()


def test_sqlite_backup_does_not_go_into_postgres(sqlite: Database, postgres_url: str, folder: Folder) -> None:
    made = make_backup(sqlite.url, folder, NOW)
    with pytest.raises(RuleError, match="sqlite database"):
        restore_backup(made.path, read_key(folder.key_path), postgres_url, replace=True)


def test_empty_clinic_is_restored_without_asking(sqlite: Database, folder: Folder, tmp_path: Path) -> None:
    made = make_backup(sqlite.url, folder, NOW)
    url = f"sqlite:///{tmp_path / 'new' / 'clinic.sqlite3'}"
    restore_backup(made.path, read_key(folder.key_path), url, replace=False)
    with Database(url).read() as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == 0

"""Backups from the terminal, and the way back."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, select

from scheduler.cli.backup import backup
from scheduler.cli.restore import restore
from scheduler.db import Database
from scheduler.errors import ConfigError, ConflictError, RuleError
from scheduler.models import BackupRun, Patient, PatientSearchKey
from tests.support.clinic import small_clinic


@pytest.fixture
def clinic(sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """The small clinic, found by the commands through their settings."""
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    monkeypatch.setenv("SIXFOLD_HOME", str(tmp_path / "home"))
    with sqlite.write() as session:
        small_clinic(session)
    return sqlite


def call(command: object, *words: str) -> Result:
    """Run a command; errors of the clinic come out as they are."""
    return CliRunner().invoke(command, list(words), catch_exceptions=False)  # type: ignore[arg-type]


def only_file(home: Path) -> str:
    """The one backup that lies in the folder."""
    (found,) = (home / "backups").iterdir()
    return str(found)


def test_backup_is_made_told_and_verified(clinic: Database, tmp_path: Path) -> None:
    made = call(backup)
    assert "encrypted" in made.output
    assert "Keep a copy of that file on another machine." in made.output
    verified = call(restore, only_file(tmp_path / "home"), "--verify")
    assert "is whole: 1 patient, 0 courses, 0 visits" in verified.output
    with clinic.read() as session:
        assert session.scalars(select(BackupRun)).one().file is not None


def test_what_was_replaced_is_in_a_backup_of_its_own(clinic: Database, tmp_path: Path) -> None:
    call(backup)
    file = only_file(tmp_path / "home")
    with clinic.write() as session:
        session.execute(delete(PatientSearchKey))
        session.execute(delete(Patient))
    with pytest.raises(ConflictError, match="--replace"):
        call(restore, file)
    answer = call(restore, file, "--replace")
    assert "What was there is in " in answer.output
    assert len(list((tmp_path / "home" / "backups").iterdir())) == 2
    with clinic.read() as session:
        assert session.scalars(select(Patient)).one().family_name == "Lindqvist"


def test_file_that_is_no_backup_replaces_nothing(clinic: Database, tmp_path: Path) -> None:
    call(backup)
    other = tmp_path / "letter.txt"
    other.write_text("Not a backup.")
    for name in (str(other), str(tmp_path / "missing")):
        with pytest.raises(RuleError):
            call(restore, name, "--replace")
    with clinic.read() as session:
        assert session.scalars(select(Patient)).one()


def test_missing_key_is_named(clinic: Database, tmp_path: Path) -> None:
    call(backup)
    with pytest.raises(ConfigError, match="--key"):
        call(restore, only_file(tmp_path / "home"), "--verify", "--key", str(tmp_path / "lost"))


def test_another_folder_is_not_what_the_settings_page_speaks_of(clinic: Database, tmp_path: Path) -> None:
    call(backup, "--to", str(tmp_path / "stick"))
    assert len(list((tmp_path / "stick").iterdir())) == 1
    with clinic.read() as session:
        assert session.scalars(select(BackupRun)).all() == []

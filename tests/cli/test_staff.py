"""Log-ins from the terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from scheduler.cli.staff import staff
from scheduler.db import Database
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.accounts.passwords import STRONG
from scheduler.models import AuthenticatorApp, Role, User

GOOD = "four quiet harbor lanterns"


@pytest.fixture
def database(sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """An empty clinic that the command finds by its settings."""
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    monkeypatch.setenv("SIXFOLD_HOME", str(tmp_path / "home"))
    return sqlite


def call(*words: str) -> Result:
    """Run the command; errors of the clinic come out as they are."""
    return CliRunner().invoke(staff, list(words), catch_exceptions=False)


def test_first_administrator_comes_from_the_terminal(database: Database) -> None:
    answer = call("add", " Ana@Clinic.example ", "Ana Reyes", "--role", "administrator", "--password", GOOD)
    assert answer.output == "Ana Reyes can sign in as ana@clinic.example.\n"
    with database.read() as session:
        user = session.scalars(select(User)).one()
        assert user.role_set == {Role.ADMINISTRATOR}
        assert STRONG.check(user.password_hash, GOOD).fits


def test_a_password_that_is_easy_to_guess_is_refused(database: Database) -> None:
    with pytest.raises(RuleError):
        call("add", "ana@clinic.example", "Ana", "--role", "nurse", "--password", "infusion2026")


def test_an_address_in_use_is_refused(database: Database) -> None:
    call("add", "ana@clinic.example", "Ana", "--role", "nurse", "--password", GOOD)
    with pytest.raises(ConflictError):
        call("add", "ana@clinic.example", "Another Ana", "--role", "nurse", "--password", GOOD)


def test_a_disabled_log_in_is_closed_and_a_new_password_replaces_the_old(database: Database) -> None:
    call("add", "ana@clinic.example", "Ana", "--role", "nurse", "--password", GOOD)
    call("password", "ana@clinic.example", "--password", "another slow river stone")
    call("disable", "ana@clinic.example")
    with database.read() as session:
        user = session.scalars(select(User)).one()
        assert not STRONG.check(user.password_hash, GOOD).fits
        assert user.disabled_at is not None


def test_the_last_administrator_who_lost_the_phone_is_helped_from_the_terminal(database: Database) -> None:
    call("add", "ana@clinic.example", "Ana", "--role", "administrator", "--password", GOOD)
    with database.write() as session:
        user = session.scalars(select(User)).one()
        session.add(AuthenticatorApp(user_id=user.id, secret=b"x", last_step=0, added_at=user.created_at))
    assert "sets up a second factor at the next log-in" in call("factor", "ana@clinic.example").output
    with database.read() as session:
        assert session.scalars(select(AuthenticatorApp)).all() == []


def test_nobody_by_that_address_is_said_in_one_sentence(database: Database) -> None:
    with pytest.raises(NotFoundError, match="Nobody signs in as ben"):
        call("disable", "ben@clinic.example")

"""Tokens from the terminal."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler import clock
from scheduler.cli.token import token
from scheduler.db import Database
from scheduler.features.accounts.queries import token_holder


@pytest.fixture
def database(sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """An empty clinic that the command finds by its settings."""
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    monkeypatch.setenv("SIXFOLD_HOME", str(tmp_path / "home"))
    return sqlite


def call(*words: str) -> Result:
    """Run the command; errors of the clinic come out as they are."""
    return CliRunner().invoke(token, list(words), catch_exceptions=False)


def opens(database: Database, raw: str, days: int = 0) -> bool:
    """Whether the secret opens the API that many days from now."""
    with database.read() as session:
        return token_holder(session, raw, clock.now() + timedelta(days), "api") is not None


def test_only_the_secret_goes_to_standard_output(database: Database) -> None:
    answer = call("create", "Phone system", "--scope", "patients:read", "--days", "30")
    assert opens(database, answer.stdout.strip(), 29) and not opens(database, answer.stdout.strip(), 31)
    assert "Token 1, Phone system" in answer.stderr


def test_the_list_says_what_each_may_and_how_long_and_nothing_secret(database: Database) -> None:
    raw = call("create", "Phone system", "--scope", "patients:read").stdout.strip()
    call("create", "Short", "--scope", "courses:read", "--days", "1")
    call("revoke", "1")
    listed = call("list").output
    assert "1  Phone system  patients:read  revoked 20" in listed and "holds until 20" in listed
    assert raw not in listed


def test_a_revoked_token_opens_nothing(database: Database) -> None:
    raw = call("create", "Phone system", "--scope", "patients:read").stdout.strip()
    assert opens(database, raw)
    assert call("revoke", "1").output == "Token 1 opens nothing any more.\n"
    assert not opens(database, raw)


@pytest.mark.parametrize("words", [("create", "X"), ("create", "X", "--scope", "all"), ("revoke", "0")])
def test_a_wrong_call_makes_nothing(database: Database, words: tuple[str, ...]) -> None:
    assert call(*words).exit_code == 2
    assert call("list").output == ""


def test_a_token_for_metrics_takes_no_scope_and_opens_no_api(database: Database) -> None:
    raw = call("create", "Prometheus", "--kind", "metrics").stdout.strip()
    assert not opens(database, raw)
    assert "1  Prometheus  metrics  holds until revoked" in call("list").output
    assert call("create", "X", "--kind", "metrics", "--scope", "patients:read").exit_code == 2

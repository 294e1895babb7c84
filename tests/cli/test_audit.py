"""`audit` on the terminal: whether the trail is still what was sealed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from scheduler.actor import COMMAND
from scheduler.cli.audit import audit
from scheduler.db import Database
from scheduler.features.audit.actions import record
from scheduler.models import AuditEvent
from scheduler.worker.seals import Sealer
from tests.support.clinic import NOW


@pytest.fixture
def trail(sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """A clinic that the command finds by its settings, with one sealed event."""
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    monkeypatch.setenv("SIXFOLD_HOME", str(tmp_path / "home"))
    with sqlite.write() as session:
        record(session, COMMAND, NOW, "site.read", "site", 1)
    Sealer(sqlite, lambda: NOW).look()
    return sqlite


def call(*words: str) -> Result:
    """Run the command; errors of the clinic come out as they are."""
    return CliRunner().invoke(audit, list(words), catch_exceptions=False)


def test_it_prints_a_digest_that_it_knows_again(trail: Database) -> None:
    first = call()
    head = first.stdout.split()[-1].rstrip(".")
    assert first.exit_code == 0 and len(head) == 64
    assert call("--head", head.upper()).exit_code == 0
    other = call("--head", "0" * 64)
    assert other.exit_code == 1 and "is that of no seal" in other.stdout


def test_an_event_that_was_changed_is_named_and_the_command_fails(trail: Database) -> None:
    with trail.write() as session:
        session.execute(text("DROP TRIGGER append_only_audit_events_update"))
        session.execute(update(AuditEvent).values(actor="somebody else"))
    answer = call()
    assert answer.exit_code == 1 and "over the events 1 to 1 does not fit" in answer.stdout

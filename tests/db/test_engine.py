"""The hooks that make SQLite's transactions honest, and instants true."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from scheduler.db import Database, engine
from scheduler.models import AuditEvent, Chair
from tests.support.clinic import NOW


def pragma(database: Database, name: str) -> object:
    """A setting of a connection, as a writer gets it."""
    with database.write() as session:
        return session.execute(text(f"PRAGMA {name}")).scalar()


def test_sqlite_checks_references_waits_and_loses_nothing_in_a_power_cut(sqlite: Database) -> None:
    assert pragma(sqlite, "foreign_keys") == 1
    assert pragma(sqlite, "synchronous") == 2
    assert int(str(pragma(sqlite, "busy_timeout"))) >= 10_000


def test_sqlites_own_transactions_are_switched_off(sqlite: Database) -> None:
    with sqlite.engine.connect() as connection:
        assert connection.connection.dbapi_connection.isolation_level is None  # type: ignore[union-attr]


def test_the_log_ahead_is_used_where_the_library_is_safe(sqlite: Database) -> None:
    safe = engine.sqlite_module().sqlite_version_info >= engine.WAL_SAFE_FROM
    assert pragma(sqlite, "journal_mode") == ("wal" if safe else "delete")


def test_a_new_connection_takes_no_lock_of_the_process_along(sqlite: Database) -> None:
    """The log ahead is removed by whoever can lock the file and closes: the `sqlite3` tool, say, beside a
    server that lost its locks. POSIX takes them from a process that opens and closes the file past SQLite.
    """
    if pragma(sqlite, "journal_mode") != "wal":
        return
    with sqlite.read() as first, sqlite.read() as second:  # Two connections of one server.
        for session in (first, second):
            session.execute(text("SELECT count(*) FROM sites"))
    others = (  # SQLite's file format: 510 bytes from here on are what readers share.
        "import fcntl, sys; file = open(sys.argv[1], 'rb+')\n"
        "try: fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)\n"
        "except OSError: print('kept')"
    )
    asked = [sys.executable, "-c", others, str(sqlite.engine.url.database)]
    assert subprocess.run(asked, check=True, capture_output=True, text=True, timeout=60).stdout == "kept\n"


def test_an_older_library_gets_no_log_ahead(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAL_SAFE_FROM", (99, 0, 0))
    old = Database(f"sqlite:///{tmp_path}/old.sqlite3")
    assert pragma(old, "journal_mode") == "delete"
    old.dispose()


def test_references_are_checked(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Chair(site_id=99, name="nowhere"))


def test_errors_never_repeat_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(IntegrityError) as told, database.write() as session:
        session.add(Chair(site_id=99, name="Marta Lindqvist"))
    assert "Marta" not in str(told.value).partition("DETAIL")[0]


def store(database: Database, at: datetime) -> datetime:
    """Write an instant and read it back."""
    with database.write() as session:
        session.add(AuditEvent(at=at, actor="x", action="x", entity="x"))
    with database.read() as session:
        return session.scalars(select(AuditEvent.at).order_by(AuditEvent.id.desc())).first() or NOW


def test_an_instant_comes_back_as_utc_to_the_microsecond(database: Database) -> None:
    here = datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=ZoneInfo("America/New_York"))
    back = store(database, here)
    assert back == here and back.tzinfo is UTC and back.microsecond == 123456


def test_the_two_half_past_ones_of_autumn_are_kept_apart(database: Database) -> None:
    zone = ZoneInfo("America/New_York")
    first = store(database, datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=0))
    second = store(database, datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=1))
    assert second - first == timedelta(hours=1)


def test_a_time_that_has_lost_its_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="an instant needs a time zone"):
        store(database, datetime(2026, 11, 2, 9, 30))  # noqa: DTZ001 - what must not happen
    with pytest.raises(StatementError, match="an instant needs a time zone"), database.read() as session:
        session.scalars(select(AuditEvent).where(AuditEvent.at > datetime(2026, 1, 1)))  # noqa: DTZ001


def test_instants_are_ordered_and_compared_in_the_database(database: Database) -> None:
    for minutes in (30, 0, 15):
        store(database, NOW + timedelta(minutes=minutes))
    with database.read() as session:
        found = session.scalars(
            select(AuditEvent.at).where(AuditEvent.at >= NOW + timedelta(minutes=15)).order_by(AuditEvent.at)
        ).all()
    assert [at - NOW for at in found] == [timedelta(minutes=15), timedelta(minutes=30)]

"""Engines for SQLite and PostgreSQL, with the hooks that make their transactions honest.

The SQLite driver opens transactions by itself, late and deferred: two writers that
both read before they write then lose updates without an error. So its own control is
switched off, and we say BEGIN: deferred for reading, IMMEDIATE for writing, so
that a writer holds the lock before it reads what it will rely on.

Who only reads has connections of its own, which can't write from the day they are made. To say so anew in
each transaction would cost more than all that a page asks: SQLite then forgets every statement that it has
prepared on the connection, and prepares each of them again.

WAL is used only where the SQLite library is 3.51.3 or newer: older ones can corrupt a
database when the log is reset.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Pool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.base import OptionEngine

try:  # The wheel has no build for every machine; the standard library's SQLite serves there.
    from pysqlite3 import dbapi2 as _wheel
except ImportError:  # pragma: no cover
    _wheel = None

WAL_SAFE_FROM = (3, 51, 3)
BUSY_TIMEOUT_MS = 15_000
MODE = "sixfold_mode"


def sqlite_module() -> ModuleType:
    """The driver with the newest SQLite library of this machine."""
    return _wheel or sqlite3


def make_engine(url: str) -> Engine:
    """An engine for a `sqlite:///` or `postgresql+psycopg://` address."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(
        url, pool_size=8, max_overflow=16, pool_pre_ping=True, pool_timeout=15, hide_parameters=True
    )


def read_engine(engine: Engine) -> Engine:
    """For transactions on the same database that can't write and see one state from first look to end."""
    if engine.dialect.name == "sqlite":
        return _Reader(engine)
    return engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")


class _Reader(OptionEngine):
    """The same engine, with its events, over a pool of connections that can't write."""

    pool: Pool = None  # type: ignore[assignment]  # Its own, where other variants of an engine have none.

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, {MODE: "read"})
        self.pool = engine.pool.recreate()
        event.listen(self.pool, "connect", _never_writes)


def _never_writes(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        url,
        module=sqlite_module(),
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        pool_size=8,
        max_overflow=16,
        hide_parameters=True,  # An error's text goes to the log, and the values may be a patient's.
    )
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    run: Callable[[str], Any] = connection.execute
    run(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    run("PRAGMA foreign_keys=ON")
    run("PRAGMA synchronous=FULL")
    if sqlite_module().sqlite_version_info >= WAL_SAFE_FROM and _writable(connection):
        run("PRAGMA journal_mode=WAL")


def _writable(connection: Any) -> bool:
    """Whether the file can be written: asking a read-only file for WAL would be an error.

    The file is asked about and never opened: closing it would take along every lock that SQLite holds on it
    in this process (POSIX), and a program beside us could then remove the log ahead under our hands.
    """
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    return bool(path) and os.access(path, os.W_OK)


def _on_begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(MODE) == "read"
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

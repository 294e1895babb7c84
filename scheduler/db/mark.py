"""Whether anything at all was committed since: the cheapest question that a database answers.

SQLite counts, for each connection, the commits of all others; the connection that asks here never writes. On
PostgreSQL it is the snapshot in words: which transactions are over, and which are still running. Two equal
snapshots see the same rows, so what was read under one holds under the other.
"""

from threading import Lock
from typing import Any

from sqlalchemy import Engine

QUESTIONS = {"sqlite": "PRAGMA data_version", "postgresql": "SELECT pg_current_snapshot()::text"}


class Marker:
    """One connection of its own, which asks and never writes. Threads take turns."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._question = QUESTIONS[engine.dialect.name]
        self._connection: Any = None
        self._calls = 0
        self._lock = Lock()

    def mark(self) -> str | None:
        """A text that stays the same only as long as nothing is committed; None where nobody can say."""
        with self._lock:
            try:
                if self._connection is None:
                    self._connection = self._connect()
                    self._calls += 1
                cursor = self._connection.cursor()
                cursor.execute(self._question)
                found = cursor.fetchone()[0]
                cursor.close()
            except self._engine.dialect.dbapi.Error:  # type: ignore[union-attr]
                self._hang_up()
                return None
            return f"{self._calls} {found}"

    def close(self) -> None:
        """Hang up; the next question calls again."""
        with self._lock:
            self._hang_up()

    def _connect(self) -> Any:
        words, options = self._engine.dialect.create_connect_args(self._engine.url)
        if self._engine.dialect.name == "sqlite":
            options.update(check_same_thread=False, isolation_level=None)
        else:
            options.update(autocommit=True)
        return self._engine.dialect.connect(*words, **options)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

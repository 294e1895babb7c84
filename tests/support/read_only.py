"""A SQLite database that may be read and not written."""

import os
import sqlite3

from scheduler.db import Database


def refuse_writing(database: Database) -> None:
    """As for a file that the account may only read; root may write every file, so the mode is not enough."""
    path = str(database.engine.url.database)
    database.dispose()
    for ending in ("-wal", "-shm"):
        if os.path.exists(path + ending):  # noqa: PTH110
            sqlite3.connect(path).close()
    real = database.engine.dialect.connect

    def connect(*_args: object, **_kwargs: object) -> object:
        return real(f"file:{path}?mode=ro", uri=True)

    database.engine.dialect.connect = connect  # type: ignore[assignment, method-assign]

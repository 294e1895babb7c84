"""What all tests share: both databases, a small clinic, a browserless client."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.config import Config
from scheduler.db import Database, migrate
from tests.support import compiled_once
from tests.support.postgres import PostgresServer
from tests.support.postgres_reset import ReusedDatabase

MEMORY_WANTED = 2 * 2**30


def pytest_configure() -> None:
    """Where memory serves as a disk, the tests' files lie there: each commit would wait for a real one."""
    place = Path("/dev/shm")  # noqa: S108 - each run makes a directory there that only its user may enter
    if os.access(place, os.W_OK | os.X_OK) and shutil.disk_usage(place).free > MEMORY_WANTED:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(place))


def pytest_collection_finish() -> None:
    """What the tests are made of stays to the end: nobody looks again and again whether some could go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """The engines of a process share what they compiled."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        compiled_once.share(monkeypatch)
        yield


@pytest.fixture(scope="session")
def run_directory(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A directory that all processes of this test run know."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres(run_directory: Path) -> PostgresServer:
    """The one PostgreSQL of this test run."""
    return PostgresServer.shared(run_directory)


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer, worker_id: str) -> str:
    """The name of a migrated, empty database to copy."""
    name = f"template_{worker_id}"
    postgres.create_database(name)
    migrate.upgrade(postgres.url(name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite database."""
    path = tmp_path / "sixfold.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def reused_postgres(postgres: PostgresServer, postgres_template: str, worker_id: str) -> ReusedDatabase:
    """The database of this process, emptied between its tests."""
    return ReusedDatabase(postgres, f"tests_{worker_id}", postgres_template)


@pytest.fixture
def postgres_url(reused_postgres: ReusedDatabase) -> str:
    """A migrated PostgreSQL database without a row of anybody's."""
    return reused_postgres.take()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each test that asks for it runs on both databases."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated, empty database, SQLite and PostgreSQL in turn."""
    found = Database(database_url)
    yield found
    found.dispose()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """A migrated, empty SQLite database, for rules that no database takes part in."""
    found = Database(sqlite_url)
    yield found
    found.dispose()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings as on a new machine, in a directory of the test's own."""
    return Config(
        home=tmp_path / "home",
        database_url=f"sqlite:///{tmp_path / 'sixfold.sqlite3'}",
        secret_key="a-key-for-tests-only",
    )


@pytest.fixture(scope="session")
def quiet_postgres() -> Iterator[ReusedDatabase]:
    """A database on a server of its own, where nobody else commits anything."""
    server = PostgresServer.start()
    migrate.upgrade(server.create_database("template_quiet"))
    yield ReusedDatabase(server, "tests_quiet", "template_quiet")
    server.stop()


@pytest.fixture
def quiet_postgres_url(quiet_postgres: ReusedDatabase) -> str:
    """That database, emptied. The mark is of the whole server, so other tests beside would move it."""
    return quiet_postgres.take()


@pytest.fixture(params=["sqlite_url", "quiet_postgres_url"])
def quiet_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """SQLite and PostgreSQL in turn, with no other test beside."""
    found = Database(str(request.getfixturevalue(request.param)))
    yield found
    found.dispose()

"""Bringing a database up to date, and back."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import inspect

from scheduler.db import Database, migrate
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
UPGRADE = "import sys; from scheduler.db import migrate; migrate.upgrade_alone(sys.argv[1])"


def tables(url: str) -> set[str]:
    """The tables of a database."""
    database = Database(url)
    found = set(inspect(database.engine).get_table_names())
    database.dispose()
    return found


def test_up_and_down_and_up_again_gives_what_the_models_say(database_url: str) -> None:
    migrate.check(database_url)
    before = tables(database_url)
    migrate.downgrade(database_url, "base")
    assert tables(database_url) == {"alembic_version"}
    migrate.upgrade(database_url)
    migrate.check(database_url)
    assert tables(database_url) == before


def all_at_once(url: str) -> None:
    """Three programs start on one new database at the same moment."""
    starters = [subprocess.Popen([sys.executable, "-c", UPGRADE, url], cwd=ROOT) for _ in range(3)]
    assert [starter.wait(120) for starter in starters] == [0, 0, 0]
    migrate.check(url)


def test_programs_that_start_together_make_the_tables_once_on_sqlite(tmp_path: Path) -> None:
    all_at_once(f"sqlite:///{tmp_path / 'new.sqlite3'}")


def test_and_on_postgresql(postgres: PostgresServer, worker_id: str) -> None:
    name = f"together_{worker_id}"
    url = postgres.create_database(name)
    all_at_once(url)
    postgres.drop_database(name)

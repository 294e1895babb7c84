"""Migrations from within the program: a new machine needs no second command."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from sqlalchemy import text
from sqlalchemy.engine import make_url

from scheduler.db.engine import make_engine

ROOT = Path(__file__).resolve().parents[2]
LOCK = 0x51F01D << 40  # Any number will do that nothing else uses as an advisory lock.


def _config(url: str) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("version_path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`."""
    command.upgrade(_config(url), revision)


def upgrade_alone(url: str) -> None:
    """`upgrade`, one process at a time: several web servers may start at once, on several machines."""
    with _alone(url):
        upgrade(url)


@contextmanager
def _alone(url: str) -> Iterator[None]:
    engine = make_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            path = Path(f"{make_url(url).database}.migrating")
            with path.open("a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        else:
            with engine.connect() as connection:  # The lock lasts as long as the connection.
                connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
                yield
    finally:
        engine.dispose()


def downgrade(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` (`base` empties it)."""
    command.downgrade(_config(url), revision)


def check(url: str) -> None:
    """Raise where the models and the migrated database differ."""
    command.check(_config(url))

"""Clinics that are filled once and opened again: a million visits take minutes to write and seconds to copy.

They lie in the temporary folder of the machine, under a name that holds everything they were made from, and
play at one fixed moment, so that they are as good tomorrow as today. SQLite only.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from benchmarks import _clinic
from scheduler import clock
from scheduler.app import create_app
from scheduler.config import ROOT, Config
from scheduler.db import Database, migrate
from scheduler.features.accounts.actions.sessions import open_session
from scheduler.models import User

FILLED_AT = datetime(
    2026, 11, 2, 13, tzinfo=UTC
)  # A Monday morning in New York, with eight weeks ahead of it.


@contextmanager
def stored_clinic(
    name: str, fill: Callable[[Session], None], made_by: str
) -> Iterator[tuple[Database, Config]]:
    """A copy of the clinic that `fill` writes; `made_by` is the file of `fill`, part of its name."""
    kept = _kept(name, made_by)
    if not kept.exists():
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / "fresh.sqlite3"
            _make(fresh, fill)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(fresh, kept)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(kept, Path(folder) / "sixfold.sqlite3")
        url = f"sqlite:///{folder}/sixfold.sqlite3"
        database = Database(url)
        try:
            yield database, Config(home=Path(folder), database_url=url, secret_key="benchmark")  # noqa: S106
        finally:
            database.dispose()


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """The application's clock stands at `moment` inside the block."""
    real, clock.now = clock.now, lambda: moment
    try:
        yield
    finally:
        clock.now = real


def desk_client(database: Database, config: Config, now: datetime) -> FlaskClient:
    """A client of the clinic's front desk."""
    with database.write() as session:
        desk = session.query(User).filter_by(email="desk@riverside.example").one()
        token = open_session(session, now, desk, "127.0.0.1", "benchmark", config)
    client = create_app(config, database).test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return client


def _make(path: Path, fill: Callable[[Session], None]) -> None:
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        fill(session)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.dispose()


def _kept(name: str, made_by: str) -> Path:
    """Where the clinic lies; another schema or another way to fill it is another file."""
    sources = [
        *sorted((ROOT / "migrations" / "versions").glob("*.py")),
        Path(_clinic.__file__),
        Path(made_by),
    ]
    digest = hashlib.sha256(b"".join(each.read_bytes() for each in sources)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / "sixfold-benchmarks" / f"{name}-{digest}.sqlite3"

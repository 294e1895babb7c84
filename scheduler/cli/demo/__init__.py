"""`demo`: fill an empty database with a clinic in the middle of its work, and print its log-ins."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from scheduler import clock
from scheduler.cli.demo.fill import fill_once
from scheduler.cli.demo.logins import Login, as_json, as_lines, logins_of
from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.config import Config
from scheduler.db import Database
from scheduler.errors import ConflictError

DEFAULT_SEED = 6
FULL = (
    "This database is not empty, so no demo clinic was made. "
    "Set SIXFOLD_HOME or DATABASE_URL to an empty one, then run this again."
)


@click.command()
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another number, another clinic."
)
@click.option("--json", "as_data", is_flag=True, help="Print the log-ins as JSON.")
def demo(seed: int, as_data: bool) -> None:
    """Fill an empty database with a demo clinic and print its log-ins."""
    config = settings()
    bring_up_to_date(config)
    with _database(config) as database:
        if not fill_once(database, clock.now(), seed, config.base_url, tell=_tell):
            raise ConflictError(FULL)
        logins = _logins(database)
    click.echo(as_json(logins) if as_data else as_lines(logins))


def fill_if_empty(config: Config, address: str, seed: int = DEFAULT_SEED) -> list[Login]:
    """Make the demo clinic where the (migrated) database holds nothing yet; the log-ins that it has then.

    `address` is where its pages are served.

    The list is empty in a clinic of somebody's own.
    """
    with _database(config) as database:
        fill_once(database, clock.now(), seed, address, tell=_tell)
        return _logins(database)


def _tell(words: str) -> None:
    """What is going on, beside the output proper."""
    click.echo(words, err=True)


def _logins(database: Database) -> list[Login]:
    with database.read() as session:
        return logins_of(session)


@contextmanager
def _database(config: Config) -> Iterator[Database]:
    database = Database(config.database_url)
    try:
        yield database
    finally:
        database.dispose()

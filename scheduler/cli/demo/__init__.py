"""`demo`: fill an empty database with a clinic in the middle of its work, and print its log-ins."""

from datetime import date

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler import clock
from scheduler import config as settings
from scheduler.cli.demo.fill import fill
from scheduler.cli.demo.logins import Login, as_json, as_lines, demo_logins
from scheduler.config import Config
from scheduler.db import Database, migrate
from scheduler.db.locks import lock_days
from scheduler.errors import ConflictError
from scheduler.models import Patient, Site, User

DEFAULT_SEED = 6
FULL = (
    "This database is not empty, so no demo clinic was made. "
    "Set SIXFOLD_HOME or DATABASE_URL to an empty one, then run this again."
)
NO_SITES_DAY = [(0, date.min)]
"""A day lock that nobody else takes: two fills at once, and the second sees what the first has written."""


@click.command()
@click.option(
    "--seed", type=int, default=DEFAULT_SEED, show_default=True, help="Another number, another clinic."
)
@click.option("--json", "as_data", is_flag=True, help="Print the log-ins as JSON.")
def demo(seed: int, as_data: bool) -> None:
    """Fill an empty database with a demo clinic and print its log-ins."""
    config = settings.load()
    migrate.upgrade(config.database_url)
    database = Database(config.database_url)
    try:
        with database.write() as session:
            if not _is_empty(session):
                raise ConflictError(FULL)
            fill(session, clock.now(), seed)
            logins = demo_logins(session)
    finally:
        database.dispose()
    click.echo(as_json(logins) if as_data else as_lines(logins))


def fill_if_empty(config: Config, seed: int = DEFAULT_SEED) -> list[Login]:
    """Make the demo clinic where the (migrated) database holds nothing yet; the log-ins that it has then.

    The list is empty in a clinic of somebody's own.
    """
    database = Database(config.database_url)
    try:
        with database.write() as session:
            if _is_empty(session):
                fill(session, clock.now(), seed)
            return demo_logins(session)
    finally:
        database.dispose()


def _is_empty(session: Session) -> bool:
    """Whether there is no site, no member of staff and no patient. Nobody else fills until we are done."""
    lock_days(session, NO_SITES_DAY)
    return not any(session.scalar(select(column).limit(1)) for column in (Site.id, User.id, Patient.id))

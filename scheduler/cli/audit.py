"""`audit`: whether the audit trail is still what was sealed."""

import sys

import click

from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.features.audit.sealing.check import look


@click.command()
@click.option("--head", help="A digest that an earlier call printed: it must still be in the chain.")
def audit(head: str | None) -> None:
    """Compute every seal of the audit trail again (exit status 1 where one does not fit).

    Keep the digest it prints somewhere else: with --head a later call also finds out if the end of the trail
    was cut off together with its seals.
    """
    config = settings()
    bring_up_to_date(config)
    database = Database(config.database_url)
    with database.read() as session:
        found = look(session, head.strip().lower() if head else None)
    database.dispose()
    looked = f"{found.events} events under {found.seals} seals looked at"
    if found.problem:
        click.echo(found.problem)
        click.echo(f"{looked} before that.", err=True)
        sys.exit(1)
    click.echo(f"{looked}; they are as they were sealed. {found.waiting} wait for the next seal.")
    click.echo(f"The last digest is {found.head or 'not made yet'}.")

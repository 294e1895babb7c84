"""`verify`: whether everything signed is still as it was signed."""

import sys

import click

from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.features.review.queries.verify import verify as look


@click.command()
def verify() -> None:
    """Compute every digest of signed logs again, and name what does not fit (exit status 1)."""
    config = settings()
    bring_up_to_date(config)
    with Database(config.database_url).read() as session:
        found = look(session)
    for misfit in found.misfits:
        click.echo(f"{misfit.where}: {misfit.what}.")
    beside = f"{found.records} signed records, {found.beside} addenda and second signatures"
    if found.misfits:
        click.echo(f"{beside} looked at; {len(found.misfits)} things do not fit.", err=True)
        sys.exit(1)
    click.echo(f"{beside} looked at; everything is as it was signed.")

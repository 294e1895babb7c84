"""`verify`: whether everything signed is still as it was signed."""

import sys

import click

from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.features.intake.consents.verify import verify_consents
from scheduler.features.intake.screening.queries.verify import verify_screenings
from scheduler.features.review.queries.verify import verify as look


@click.command()
def verify() -> None:
    """Compute every digest of what was signed again, and name what does not fit (exit status 1)."""
    config = settings()
    bring_up_to_date(config)
    with Database(config.database_url).read() as session:
        found, screenings = look(session), verify_screenings(session)
        consents, unlike = verify_consents(session)
    misfits = [*((one.where, one.what) for one in found.misfits), *screenings.misfits, *unlike]
    for where, what in misfits:
        click.echo(f"{where}: {what}.")
    beside = (
        f"{found.records} signed records, {found.beside} addenda and second signatures, "
        f"{screenings.records} screenings with {screenings.addenda} addenda, {consents} consents"
    )
    if misfits:
        click.echo(f"{beside} looked at; {len(misfits)} things do not fit.", err=True)
        sys.exit(1)
    click.echo(f"{beside} looked at; everything is as it was signed.")

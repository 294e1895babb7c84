"""`export`: the whole clinic as FHIR, in files of newline-delimited JSON."""

from pathlib import Path

import click

from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.audit.actions import record
from scheduler.features.interchange.folder import exports_of
from scheduler.features.interchange.names import base_of
from scheduler.features.interchange.whole import write_clinic


@click.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), help="A folder that does not exist yet.")
def export(folder: Path | None) -> None:
    """Write every chart as FHIR R4, one file for each kind of resource, while people work.

    The files are not encrypted: keep them where nobody else can read, and remove them when they are used.
    """
    config = settings()
    begun = clock.now()
    target = folder or exports_of(config) / f"clinic-{begun:%Y%m%dT%H%M%SZ}"
    if target.exists():
        raise ConflictError(f"{target} is there already. Name a folder that does not exist yet.")
    bring_up_to_date(config)
    database = Database(config.database_url)
    try:
        with database.write() as session:  # First: nothing leaves without a line in the audit.
            record(session, COMMAND, begun, "clinic.exported", "clinic", format="fhir")
        counts = write_clinic(database, target, base_of(config), begun, _tell)
    finally:
        database.dispose()
    for kind, number in counts.items():
        click.echo(f"{kind}.ndjson  {number:,}")
    click.echo(f"{target} holds the whole clinic, not encrypted. Remove it when it is used.")


def _tell(done: int, total: int) -> None:
    """A line on the terminal that counts; it does not belong to what another program reads."""
    click.echo(f"\r{done:,} of {total:,} patients", nl=done == total, err=True)

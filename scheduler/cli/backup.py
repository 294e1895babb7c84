"""`backup`: a sealed copy of the database, now."""

from pathlib import Path

import click

from scheduler import clock
from scheduler.cli.ready import bring_up_to_date, settings
from scheduler.db import Database
from scheduler.features.backups.actions.note import note_made
from scheduler.features.backups.folder import folder_of
from scheduler.features.backups.make import make_backup
from scheduler.models import BackupRun


@click.command()
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), help="Another folder than the settings name."
)
def backup(folder: Path | None) -> None:
    """Back the database up while people work, encrypted, and print the file's name.

    Without SIXFOLD_BACKUP_RECIPIENT the key is SIXFOLD_HOME/backup_key: keep a copy of it on another machine.
    """
    config = settings()
    place = folder_of(config, folder)
    bring_up_to_date(config)
    begun = clock.now()
    made = make_backup(config.database_url, place, begun)
    if folder is None:  # What lies elsewhere is not what the settings page speaks of.
        database = Database(config.database_url)
        with database.write() as session:
            run = BackupRun(asked_at=begun, started_at=begun)
            session.add(run)
            session.flush()
            note_made(session, clock.now(), run.id, made)
        database.dispose()
    click.echo(f"{made.path} ({made.rows:,} rows, {made.size:,} bytes, encrypted)")
    if place.recipient_text is None:
        click.echo(f"It opens with {place.key_path} alone. Keep a copy of that file on another machine.")

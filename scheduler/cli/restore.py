"""`restore`: prove that a backup is whole, or put it in the place of the database."""

from pathlib import Path

import click

from scheduler import clock
from scheduler.cli.ready import settings
from scheduler.features.backups.folder import folder_of, read_key
from scheduler.features.backups.make import make_backup
from scheduler.features.backups.restore import Restored, has_data, restore_backup, verify_backup


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Restore into a scratch database, compare, change nothing.")
@click.option("--replace", is_flag=True, help="Allow the backup to take the place of data that are there.")
@click.option("--key", type=click.Path(path_type=Path), help="The secret key; else SIXFOLD_HOME/backup_key.")
def restore(file: Path, verify: bool, replace: bool, key: Path | None) -> None:
    """Restore FILE into the database of the settings, or with --verify only show that it could be.

    Stop the web server and the worker first. What was there is backed up before it is replaced.
    """
    config = settings()
    folder = folder_of(config)
    secret = read_key(key or folder.key_path)
    if verify:
        click.echo(f"{file} is whole: {_said(verify_backup(file, secret, config.database_url))}")
        return
    if replace and has_data(config.database_url):
        verify_backup(file, secret, config.database_url)
        before = make_backup(config.database_url, folder, clock.now())
        click.echo(f"What was there is in {before.path}.")
    found = restore_backup(file, secret, config.database_url, replace=replace)
    click.echo(f"Restored {_said(found)}")


def _said(found: Restored) -> str:
    parts = [
        f"{count:,} {one}{'' if count == 1 else 's'}"
        for table, one in (("patients", "patient"), ("courses", "course"), ("infusions", "visit"))
        for count in (found.rows.get(table, 0),)
    ]
    return f"{', '.join(parts)}, as they were on {found.made_at:%Y-%m-%d at %H:%M} UTC."

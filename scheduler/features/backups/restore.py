"""Open a backup, prove that it is whole, and put it in the place of a database."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from sqlalchemy.engine import URL, make_url

from scheduler.db import migrate
from scheduler.errors import ConflictError, RuleError
from scheduler.features.backups.archive import Manifest, unseal
from scheduler.features.backups.dumps import (
    BROKEN,
    contents_postgres,
    contents_sqlite,
    drop_database,
    load_postgres,
    load_sqlite,
    scratch_database,
)
from scheduler.features.backups.make import workroom


@dataclass(frozen=True)
class Restored:
    """What was found in a backup: when it was made, its rows by table."""

    made_at: datetime
    rows: dict[str, int]


def verify_backup(path: Path, key: pyrage.x25519.Identity, url: str) -> Restored:
    """Restore the file at `path` into a scratch database, hold it against its manifest, and drop it again.

    PostgreSQL's scratch database stands beside the one at `url`. Raises RuleError if it isn't whole.
    """
    with workroom(path.parent) as room:
        manifest, copy = unseal(path, key, room)
        _prove(manifest, copy, make_url(url))
    return Restored(manifest.made_at, manifest.rows)


def restore_backup(path: Path, key: pyrage.x25519.Identity, url: str, *, replace: bool) -> Restored:
    """Put the backup at `path` in the place of the database at `url`, and bring its schema up to date.

    It is verified first. Raises ConflictError where the database has rows and `replace` is not said.
    """
    place = make_url(url)
    with workroom(path.parent) as room:
        manifest, copy = unseal(path, key, room)
        if manifest.dialect != place.get_backend_name():
            raise RuleError(
                f"This backup is of a {manifest.dialect} database. Point DATABASE_URL at one of that kind."
            )
        if not replace and has_data(url):
            raise ConflictError(
                "There are data in this database. Say --replace to put the backup in their place."
            )
        _prove(manifest, copy, place)
        if manifest.dialect == "sqlite":
            load_sqlite(copy, place)
        else:
            load_postgres(copy, place)
    migrate.upgrade_alone(url)
    return Restored(manifest.made_at, manifest.rows)


def has_data(url: str) -> bool:
    """Whether anybody works in the database at `url`: it has a member of staff."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        path = Path(str(place.database))
        return path.is_file() and path.stat().st_size > 0 and contents_sqlite(path).rows.get("users", 0) > 0
    return contents_postgres(place)[1].get("users", 0) > 0


def _prove(manifest: Manifest, copy: Path, place: URL) -> None:
    """Raise RuleError where the copy is not what the manifest says."""
    if manifest.dialect == "sqlite":
        found = contents_sqlite(copy)
        revision, rows = found.revision, found.rows
    else:
        name = f"sixfold_verify_{secrets.token_hex(6)}"
        scratch = scratch_database(place, name)
        try:
            load_postgres(copy, scratch)
            revision, rows = contents_postgres(scratch)
        finally:
            drop_database(place, name)
    if (revision, rows) != (manifest.revision, manifest.rows):
        raise RuleError(BROKEN)

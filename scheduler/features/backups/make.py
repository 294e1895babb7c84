"""Make one backup, from the copy to the sealed file, and let go of the oldest ones."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scheduler.errors import BusyError
from scheduler.features.backups.archive import SUFFIX, digest, seal
from scheduler.features.backups.dumps import dump
from scheduler.features.backups.folder import Folder


@dataclass(frozen=True)
class Backup:
    """A file that was made: its size in bytes, its SHA-256 and the number of rows in it."""

    path: Path
    size: int
    sha256: str
    rows: int


def make_backup(url: str, folder: Folder, at: datetime) -> Backup:
    """Back the database at `url` up at the instant `at`, while people work on it.

    The copy is read back before it is sealed. Raises BusyError where there is no room or the database can't
    be copied, ConfigError where a program or the key is missing; then no file is left.
    """
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with workroom(folder.path) as room:
            copied = dump(url, room)
            target = _free_name(folder.path, at)
            seal(copied, at, target, folder.recipient())
    except OSError as error:
        raise BusyError(f"The backup could not be written to {folder.path}: {error.strerror}.") from error
    _let_go(folder)
    return Backup(target, target.stat().st_size, digest(target), sum(copied.rows.values()))


@contextmanager
def workroom(beside: Path) -> Iterator[Path]:
    """A folder that only we can read, on the same disk, gone when the work is."""
    room = Path(tempfile.mkdtemp(prefix=".work-", dir=beside))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _free_name(folder: Path, at: datetime) -> Path:
    """A name that sorts by time, also among backups of one second."""
    stem = f"sixfold-{at:%Y%m%dT%H%M%SZ}-"
    taken = sorted(path.name for path in folder.glob(f"{stem}*{SUFFIX}"))
    number = int(taken[-1].removeprefix(stem).removesuffix(SUFFIX)) + 1 if taken else 1
    return folder / f"{stem}{number:03}{SUFFIX}"


def _let_go(folder: Folder) -> None:
    """Remove the oldest files over the number to keep."""
    files = sorted(folder.path.glob(f"sixfold-*{SUFFIX}"))
    for old in files[: max(0, len(files) - folder.keep)]:
        old.unlink(missing_ok=True)

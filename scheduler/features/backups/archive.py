"""One backup file: a tar of `manifest.json` and the database's copy, sealed with age.

Nothing in it can be read or changed without the key: age refuses an altered or cut-off file. The manifest
says what must be found in the copy: its digest, the schema revision, the rows of each table.
"""

import hashlib
import json
import os
import tarfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage

from scheduler.errors import RuleError
from scheduler.features.backups.dumps import Dump

FORMAT = 1
MANIFEST = "manifest.json"
SUFFIX = ".sixfold.age"
UNREADABLE = "This is not a whole backup of Sixfold, or the key is not its own. Nothing was changed."


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: datetime
    dialect: str
    revision: str
    rows: dict[str, int]
    copy: str
    sha256: str


def seal(dump: Dump, made_at: datetime, target: Path, recipient: pyrage.x25519.Recipient) -> None:
    """Write `dump` as a sealed file at `target`, readable by its owner alone, whole or not at all."""
    facts = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "dialect": dump.dialect,
        "revision": dump.revision,
        "rows": dump.rows,
        "copy": dump.path.name,
        "sha256": digest(dump.path),
    }
    plain = dump.path.with_name("backup.tar")
    manifest = dump.path.with_name(MANIFEST)
    for path in (plain, manifest):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    manifest.write_text(json.dumps(facts, indent=1, sort_keys=True), encoding="utf-8")
    with tarfile.open(plain, "w") as tar:
        tar.add(manifest, arcname=MANIFEST)
        tar.add(dump.path, arcname=dump.path.name)
    part = target.with_name(f".{target.name}.part")
    with (
        plain.open("rb") as source,
        os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as sealed,
    ):
        pyrage.encrypt_io(source, sealed, [recipient])
        sealed.flush()
        os.fsync(sealed.fileno())
    part.replace(target)


def unseal(path: Path, key: pyrage.x25519.Identity, directory: Path) -> tuple[Manifest, Path]:
    """Open the file at `path` into `directory`; its manifest and the copy. RuleError if not whole."""
    plain = directory / "backup.tar"
    try:
        with (
            path.open("rb") as sealed,
            os.fdopen(os.open(plain, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out,
        ):
            pyrage.decrypt_io(sealed, out, [key])
        with tarfile.open(plain) as tar:
            tar.extractall(directory, filter="data")
        manifest = _read(json.loads((directory / MANIFEST).read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise RuleError(f"There is no backup {path}. Name a file that exists.") from error
    except (pyrage.DecryptError, OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise RuleError(UNREADABLE) from error
    copy = directory / manifest.copy
    if not copy.is_file() or digest(copy) != manifest.sha256:
        raise RuleError(UNREADABLE)
    copy.chmod(0o600)
    return manifest, copy


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(facts: Any) -> Manifest:
    if facts["format"] != FORMAT:
        raise RuleError("This backup was made by another version of Sixfold. Restore it with that version.")
    return Manifest(
        datetime.fromisoformat(facts["made_at"]),
        str(facts["dialect"]),
        str(facts["revision"]),
        {str(name): int(count) for name, count in facts["rows"].items()},
        Path(str(facts["copy"])).name,
        str(facts["sha256"]),
    )

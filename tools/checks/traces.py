"""Traces of the machine a file was written on: its paths, and the addresses it fetches packages from."""

from __future__ import annotations

import re
from pathlib import Path

from tools.files import project_files, read_text

# Places that many machines have; naming one of them gives nothing away.
COMMON = {"/", "/home", "/opt", "/root", "/srv", "/tmp", "/usr", "/usr/local", "/var", "/var/lib"}  # noqa: S108
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|unpkg\.com|jsdelivr\.net|cdnjs\.cloudflare"
    r"|deb\.debian\.org|fonts\.googleapis|fonts\.gstatic|ghcr\.io|docker\.io",
    re.IGNORECASE,
)


def check(root: Path, home: Path | None = None) -> list[str]:
    """Each line that names a registry, the folder this checkout lies in or the home of whoever runs this."""
    places = {str(root.resolve().parent), str(home or Path.home())} - COMMON
    paths = [re.escape(place) + r"(?=/)" for place in places]
    pattern = re.compile("|".join([REGISTRIES.pattern, *paths]), re.IGNORECASE)
    problems = []
    for path in project_files(root):
        for number, line in enumerate(read_text(root / path).splitlines(), start=1):
            if hit := pattern.search(line):
                problems.append(f"{path}:{number}: {hit.group()}")
    return problems

"""The checks that are programs of their own; their settings stand in pyproject.toml and .importlinter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def formatting(root: Path) -> list[str]:
    """Whether `make format` would change anything."""
    return _complaints(root, ["ruff", "format", "--check", "--output-format", "concise", "."])


def lint(root: Path) -> list[str]:
    """What ruff finds: long functions, hidden clocks, imports inside functions and the rest."""
    return _complaints(root, ["ruff", "check", "--output-format", "concise", "--quiet", "."])


def types(root: Path) -> list[str]:
    """What mypy finds."""
    return _complaints(root, ["mypy", "--no-error-summary", "--no-pretty"])


def imports(root: Path) -> list[str]:
    """Which import looks up, or sideways."""
    lines = _complaints(root, ["lint-imports", "--no-logo"])
    # First stands what was kept; what is broken follows under this heading.
    return lines[lines.index("Broken contracts") + 1 :] if "Broken contracts" in lines else lines


def _complaints(root: Path, command: list[str]) -> list[str]:
    """The lines a program prints where it is not content."""
    program, *arguments = command
    words = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip(" -")] or [
        f"{program} failed"
    ]

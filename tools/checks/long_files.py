"""Files too long to be one thing. An exception states its reason in tools/long_files.txt."""

from __future__ import annotations

from pathlib import Path

from tools.files import project_files, read_reasons, read_text

SUFFIXES = (".py", ".html", ".jinja", ".css", ".js", ".svg")
MOST_LINES = 300
MOST_LINES_IN_TESTS = 500
REASONS = "tools/long_files.txt"


def check(root: Path) -> list[str]:
    """Each file over its limit without a reason, and each reason that no file needs any more."""
    reasons = read_reasons(root / REASONS)
    long = {}
    for path in project_files(root, *SUFFIXES):
        lines = len(read_text(root / path).splitlines())
        if lines > (MOST_LINES_IN_TESTS if path.parts[0] == "tests" else MOST_LINES):
            long[str(path)] = lines
    problems = [f"{name}: {lines} lines" for name, lines in long.items() if name not in reasons]
    return problems + [f"{REASONS}: {name} is not long any more" for name in reasons if name not in long]

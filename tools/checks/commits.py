"""Commits in one place: the view opens a write's transaction, scheduler/db ends it, nobody else does."""

from __future__ import annotations

import ast
from pathlib import Path

from tools.files import project_files, read_text

ENDINGS = ("commit", "rollback")
ALLOWED = Path("scheduler/db")


def check(root: Path) -> list[str]:
    """Each call of `.commit()` or `.rollback()` in the product outside scheduler/db."""
    problems = []
    for path in project_files(root, ".py"):
        if path.is_relative_to("scheduler") and not path.is_relative_to(ALLOWED):
            problems += [
                f"{path}:{line}: {name}() outside {ALLOWED}"
                for line, name in _endings(read_text(root / path))
            ]
    return problems


def _endings(source: str) -> list[tuple[int, str]]:
    """Line and name of each use, also where it is only handed on (`then=session.commit`)."""
    nodes = ast.walk(ast.parse(source))
    uses = [
        (node.lineno, node.attr) for node in nodes if isinstance(node, ast.Attribute) and node.attr in ENDINGS
    ]
    return sorted(uses)

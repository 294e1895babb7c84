"""Tests that only look like tests: never collected, skipped, or waiting for the clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.files import project_files, read_text

EXCUSES = ("skip", "skipif", "xfail", "importorskip")
SUPPORT = Path("tests/support")


def check(root: Path) -> list[str]:
    """Each test that pytest would not run, or would excuse, and each sleep outside tests/support."""
    problems = []
    for path in project_files(root, ".py"):
        if path.is_relative_to("tests"):
            module = ast.parse(read_text(root / path))
            found = [*_uncollected(module, path), *_excused(module), *_asleep(module, path)]
            problems += [f"{path}:{line}: {why}" for line, why in sorted(found)]
    return problems


def _uncollected(module: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    """Tests in a file, a class or a function where pytest does not look."""
    for holder in ast.walk(module):
        for node in ast.iter_child_nodes(holder):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                if not path.name.startswith("test_"):
                    yield node.lineno, f"{node.name} never runs: pytest reads only files named test_*.py"
                elif not _is_collected_from(holder):
                    yield node.lineno, f"{node.name} never runs: pytest does not look inside {_name(holder)}"


def _is_collected_from(holder: ast.AST) -> bool:
    if isinstance(holder, ast.ClassDef):
        return holder.name.startswith("Test")
    return isinstance(holder, ast.Module)


def _name(holder: ast.AST) -> str:
    return getattr(holder, "name", type(holder).__name__)


def _excused(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr in EXCUSES and "pytest" in ast.unparse(node.value):
            yield node.lineno, f"{node.attr}: a test runs everywhere, or says in a failure what is missing"


def _asleep(module: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Attribute)
            and ast.unparse(node) == "time.sleep"
            and SUPPORT not in path.parents
        ):
            yield node.lineno, "a test waits for what happens, not for time to pass"

"""Code that nothing uses.

Asked twice. First of the product alone, without its tests: a function that only its test calls is dead,
however green the test (an audit function that no view called was found that way elsewhere). Then of the
tests: a rule whose name lacks `test_` never runs.

What is used by name from outside Python counts as used: what the templates mention, the columns that a
statement writes, the members of an enumeration (a set of values that the database holds). What a framework
calls by name stands in tools/dead_code.txt with the reason.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vulture import Vulture

from tools.files import project_files, read_reasons, read_text

REASONS = "tools/dead_code.txt"
PRODUCT = ("scheduler", "wsgi.py", "migrations")
ALSO_USING = ("benchmarks", "tools")
TESTS = ("tests",)
MODELS = "scheduler/models"
JINJA = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Unused:
    """A name that nothing uses, and where it is made."""

    path: Path
    line: int
    name: str
    kind: str

    def __str__(self) -> str:
        """As an editor can jump to it."""
        return f"{self.path}:{self.line}: unused {self.kind} {self.name}"


def check(root: Path) -> list[str]:
    """Each unused name of the product and of the tests, and each exception that is needed no more."""
    reasons = read_reasons(root / REASONS)
    sources = {path: ast.parse(read_text(root / path)) for path in project_files(root, ".py")}
    outside = set(_template_words(root)) | set(_enumeration_members(sources))
    written = set(_written_names(sources))
    product = (*PRODUCT, *ALSO_USING)
    dead = [*_unused(root, product, PRODUCT, outside), *_unused(root, (*product, *TESTS), TESTS, outside)]
    dead = [item for item in dead if not (item.path.is_relative_to(MODELS) and item.name in written)]
    needed = {item.name for item in dead}
    problems = [str(item) for item in dead if item.name not in reasons]
    return problems + [f"{REASONS}: {name} needs no exception" for name in reasons if name not in needed]


def _unused(root: Path, scanned: Sequence[str], reported: Sequence[str], outside: set[str]) -> list[Unused]:
    """What nothing in `scanned` uses, for the part that is `reported`."""
    settings = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["vulture"]
    vulture = Vulture(ignore_names=settings["ignore_names"], ignore_decorators=settings["ignore_decorators"])
    for name in outside:
        vulture.used_names.add(name)
    vulture.scavenge([str(root / part) for part in scanned if (root / part).exists()], exclude=["*/vendor/*"])
    found = []
    for item in vulture.get_unused_code():
        path = Path(item.filename).resolve().relative_to(root.resolve())
        unused = Unused(path, item.first_lineno, item.name, item.typ)
        if any(path.is_relative_to(part) for part in reported) and not _sets_a_library(root, unused):
            found.append(unused)
    return found


def _sets_a_library(root: Path, unused: Unused) -> bool:
    """An attribute set on anything but `self` is a setting of somebody else's object: they read it."""
    if unused.kind != "attribute":
        return False
    return f"self.{unused.name}" not in read_text(root / unused.path).splitlines()[unused.line - 1]


def _template_words(root: Path) -> Iterator[str]:
    """Each word inside a Jinja expression or statement."""
    for path in project_files(root, ".html", ".jinja", ".svg", ".txt", ".xml"):
        if path.parts[0] == "templates":
            for expression in JINJA.findall(read_text(root / path)):
                yield from WORD.findall(expression)


def _enumeration_members(sources: dict[Path, ast.Module]) -> Iterator[str]:
    for module in sources.values():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef) and any(
                ast.unparse(base).endswith("Enum") for base in node.bases
            ):
                for statement in node.body:
                    if isinstance(statement, ast.Assign):
                        yield from (ast.unparse(target) for target in statement.targets)


def _written_names(sources: dict[Path, ast.Module]) -> Iterator[str]:
    """Each name that the product fills in: `Infusion(chair_id=...)`, `{"chair_id": ...}`."""
    for path, module in sources.items():
        if path.is_relative_to("scheduler"):
            for node in ast.walk(module):
                if isinstance(node, ast.keyword) and node.arg:
                    yield node.arg
                elif isinstance(node, ast.Dict):
                    yield from (str(key.value) for key in node.keys if isinstance(key, ast.Constant))

"""Templates and static files that nothing names any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.files import project_files, read_text

FOLDERS = ("templates", "static")
NAMED_IN = (".py", ".html", ".jinja", ".css", ".js", ".svg", ".webmanifest", ".json")


def check(root: Path) -> list[str]:
    """Each file under templates/ or static/ that no program, page or style sheet names."""
    files = project_files(root)
    owned = [path for path in (*files, *_vendored(root)) if path.parts[0] in FOLDERS]
    named = _names(root, [path for path in files if path.suffix in NAMED_IN and path.parts[0] != "tests"])
    return [f"{path}: nothing names it" for path in owned if not _is_named(path, named)]


def _vendored(root: Path) -> list[Path]:
    return [
        path.relative_to(root) for path in sorted((root / "static" / "vendor").rglob("*")) if path.is_file()
    ]


def _names(root: Path, sources: list[Path]) -> dict[Path, list[re.Pattern[str]]]:
    """For each source the patterns of file names that stand in it."""
    found = {}
    for source in sources:
        text = read_text(root / source)
        names = _python_strings(text) if source.suffix == ".py" else _quoted(text)
        found[source] = [re.compile(pattern) for pattern in set(names)]
    return found


def _is_named(path: Path, named: dict[Path, list[re.Pattern[str]]]) -> bool:
    inside = "/".join(path.parts[1:])
    return any(
        pattern.fullmatch(inside) or pattern.fullmatch(path.name)
        for source, patterns in named.items()
        if source != path
        for pattern in patterns
    )


def _python_strings(text: str) -> Iterator[str]:
    """Each string that could be a file's name; what an f-string fills in may be anything."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "." in node.value
            and len(node.value) < 120
        ):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = [
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w.-]+"
                for part in node.values
            ]
            if any("." in part for part in parts if not part.startswith("[")):
                yield "".join(parts)


def _quoted(text: str) -> Iterator[str]:
    """Each quoted name or `url()` in a page, style sheet or script."""
    for hit in re.finditer(r"""["'(]([\w./-]+\.\w+)["')]""", text):
        yield re.escape(hit.group(1).removeprefix("./"))

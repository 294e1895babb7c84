"""Rules of the style sheet that no page can meet any more."""

from __future__ import annotations

import re
from pathlib import Path

from tools.files import project_files, read_text

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATIONS = re.compile(r"\{[^{}]*\}")
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
WORD = re.compile(r"[\w-]+")
USED_IN = (".html", ".jinja", ".js", ".py", ".svg")
SOURCES = ("templates", "static", "scheduler")


def check(root: Path) -> list[str]:
    """Each class of our style sheets that stands in no template, script or program.

    A word that ends in a hyphen (`state-{{ visit.state }}`) may become any class that begins with it.
    """
    used = _words(root)
    prefixes = tuple(word for word in used if word.endswith("-") and len(word) > 2)
    problems = []
    for path in project_files(root, ".css"):
        names = [name for name in _classes(read_text(root / path)) if not name.startswith(prefixes)]
        problems += [f"{path}: nothing has the class {name}" for name in names if name not in used]
    return problems


def _classes(sheet: str) -> list[str]:
    """The classes in the selectors of a style sheet, each once."""
    selectors = COMMENT.sub("", sheet)
    # Innermost first, so that what stands inside @media and @layer is read as well.
    bare = DECLARATIONS.sub(";", selectors)
    return sorted(set(CLASS.findall(bare)))


def _words(root: Path) -> set[str]:
    sources = [
        path
        for path in project_files(root, *USED_IN)
        if path.parts[0] in ("templates", "static", "scheduler")
    ]
    vendored = sorted((root / "static" / "vendor").rglob("*.js"))
    texts = [*(read_text(root / path) for path in sources), *(read_text(path) for path in vendored)]
    return {word for text in texts for word in WORD.findall(text)}

"""What a template may not hold: whatever the content security policy refuses, or opens a hole."""

from __future__ import annotations

import re
from pathlib import Path

from tools.files import project_files, read_text

FOLDER = "templates"
SUFFIXES = (".html", ".jinja", ".svg", ".xml", ".txt")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)

EVERYWHERE = {
    r"\|\s*safe\b": "`|safe` lets a patient's name become markup",
    r"\{%-?\s*autoescape\s+false": "escaping is never switched off",
    r"\bjavascript:": "a link runs a script",
}
# Pages are under the policy; a letter is not, and a mail program reads no other style than the one inside it.
PAGES = {
    r"<[^>]*\sstyle\s*=": "inline style; the policy refuses it",
    r"<style\b": "inline style sheet; the policy refuses it",
    r"<script\b(?![^>]*\bsrc=)": "inline script; the policy refuses it",
    r"<[^>]*\son[a-z]+\s*=": "inline event handler; the policy refuses it",
    r"""\bhx-(on|(vals|headers)\s*=\s*["']js)""": "htmx would evaluate a string; the policy refuses it",
    r"""(?:src|href|action|data|poster|srcset)\s*=\s*["'](?:https?:)?//""": "something from a third party",
    r"""url\(\s*["']?(?:https?:)?//""": "something from a third party",
}
# A letter may carry a link that the reader follows, but nothing that its program fetches when it is opened.
LETTERS = {
    r"<(script|iframe|object|embed|form)\b": "mail programs refuse it",
    r"""\ssrc\s*=\s*["'](?:https?:)?//""": "opening the letter would tell a third party",
}
LETTER_FOLDERS = ("mail", "pdf")


def check(root: Path) -> list[str]:
    """Each line of a template that breaks one of the rules above."""
    problems = []
    for path in project_files(root, *SUFFIXES):
        if path.parts[0] == FOLDER:
            rules = EVERYWHERE | (LETTERS if path.parts[1] in LETTER_FOLDERS else PAGES)
            problems += [f"{path}:{line}: {why}" for line, why in broken_rules(read_text(root / path), rules)]
    return problems


def broken_rules(text: str, rules: dict[str, str]) -> list[tuple[int, str]]:
    """Line and reason of each hit; what stands in a Jinja comment does not count."""
    seen = COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment.group()), text)
    hits = [
        (seen.count("\n", 0, hit.start()) + 1, why)
        for pattern, why in rules.items()
        for hit in re.finditer(pattern, seen, re.IGNORECASE)
    ]
    return sorted(hits)

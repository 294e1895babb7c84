"""A consent's text as a page and a sheet of paper show it. Pure.

What is signed is the text as it was typed. So that it can be read, a blank line parts paragraphs, lines that
begin with a dash are a list, and a line that begins with a number sign is a heading. Nothing else means
anything: there is no markup in which a word could be hidden.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """`kind` is "heading", "list" or "words"; `lines` are its lines, as they were typed, without the mark."""

    kind: str
    lines: tuple[str, ...]


def clean_text(typed: str) -> str:
    """The text that is kept: lines end one way, and no space stands where nobody sees it."""
    lines = (line.strip() for line in typed.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a text in their order; every word of it is in one of them."""
    return tuple(block for piece in text.split("\n\n") for block in _parted(piece.split("\n")))


def _parted(lines: list[str]) -> Iterator[Block]:
    """The blocks of lines that no blank line parts."""
    kind, held = "", list[str]()
    for line in lines:
        this, words = _kind(line)
        if held and (this != kind or kind == "heading"):
            yield Block(kind, tuple(held))
            held = []
        kind = this
        held.append(words)
    if any(held):
        yield Block(kind, tuple(held))


def _kind(line: str) -> tuple[str, str]:
    for mark, kind in (("- ", "list"), ("# ", "heading")):
        if line.startswith(mark):
            return kind, line[len(mark) :]
    return "words", line

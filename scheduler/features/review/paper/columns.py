"""How wide the columns of a table are.

Whoever lays out a page can find that out, by trying every cell as narrow and as wide as it goes: a tenth of
all the work of a course log. Here it is told beforehand, from how long the words are. A letter counts as one
unit, whatever it is; a column that holds numbers and one that heads its rows keep their words on one line
where they can, and the others share what is left by what they have to say.
"""

from collections.abc import Sequence

PAGE = 100
"""Letters in one line across the page at the size of a table, on the narrower of the two papers."""
HEAD = 0.85
"""A head is set smaller than what stands under it."""
GAP, WIDE_GAP = 1.5, 3.0
"""The room to the right of a cell, and of one that is not broken."""
ONE_LINE = 30
"""Longer words than these are broken in any column."""
LONG = 70
"""What is longer than this takes several lines anyhow, and asks for no more room than this."""


def widths(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[int]) -> list[float]:
    """The width of each column in per cent of the table, which sum up to 100."""
    least, most = [], []
    for at, head in enumerate(columns):
        cells = [row[at] for row in rows]
        whole = max(len(head) * HEAD, *map(len, cells), 1.0)
        word = max(_word(head) * HEAD, *map(_word, cells), 1.0)
        stays = at == 0 or at in numbers
        gap = WIDE_GAP if stays else GAP
        least.append(min(whole if stays else word, ONE_LINE) + gap)
        most.append(max(min(whole, LONG) + gap, least[-1]))
    return _per_cent(_shared(least, most))


def _word(text: str) -> int:
    return max(map(len, text.split()), default=0)


def _shared(least: Sequence[float], most: Sequence[float]) -> list[float]:
    """As a browser does it: all they want where there is room, else what they need and a part of the rest."""
    if sum(most) <= PAGE:
        return list(most)
    left, wanted = max(PAGE - sum(least), 0), sum(most) - sum(least)
    return [low + (high - low) * left / wanted for low, high in zip(least, most, strict=True)]


def _per_cent(found: Sequence[float]) -> list[float]:
    return [round(each * 100 / sum(found), 1) for each in found]

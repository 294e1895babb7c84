"""The rows of a CSV file, each with the line it begins in; a broken one breaks no other.

The library's reader takes a quote that is never closed for a cell that runs on, at worst to the file's end:
one slip of the pen would swallow every patient after it. So lines are given to it one at a time, strictly.
A row may go on over some lines, as notes do, but must then be whole and have as many cells as the head; else
its first line alone is the broken row, and reading goes on with the next line.
"""

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
LONGEST_ROW = 40
"""No row goes on over more lines."""

SAMPLE = 60
OPEN = "A quotation mark opens in this row and is not closed. Close it or take it out."
MARKS = "The quotation marks of this row can't be read. Put each cell in one pair, or in none."
CUT = "The file ends in the middle of this row. Get the whole file, or mend the row."
CELLS = "This row has {found} cells, the head {wanted}. Perhaps a “{separator}” lacks its quotes."


@dataclass(frozen=True)
class Record:
    """One row: the line where it begins, its cells, and what is wrong with it as a whole, or ""."""

    line: int
    cells: tuple[str, ...]
    problem: str = ""


def separator_of(text: str) -> str:
    """The separator that parts the first lines into the most cells, alike in most of them."""
    hint = text[:6].lower()
    if hint.startswith("sep=") and hint[4:5] in SEPARATORS:
        return hint[4]
    lines = [line for line in text[:100_000].splitlines()[:SAMPLE] if line.strip()]

    def worth(separator: str) -> tuple[int, int]:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=separator) if len(cells) > 1)
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        return rows, width

    return max(SEPARATORS, key=worth)


def head_of(text: str, separator: str) -> tuple[str, ...]:
    """The names of the columns: the first row that is not empty."""
    return next((record.cells for record in _split(text, separator, 0)), ())


def records(text: str, separator: str) -> Iterator[Record]:
    """All rows after the head; empty lines are passed over."""
    rows = _split(text, separator, 0)
    head = next(rows, None)
    if head is None:
        return
    width = len(head.cells)
    yield from _split(text, separator, width, head.line)


def _split(text: str, separator: str, width: int, after: int = 0) -> Iterator[Record]:
    """Rows that begin after the line `after`; `width` 0: the head, of any width."""
    numbered = enumerate(io.StringIO(text, newline=""), 1)
    waiting: list[tuple[int, str]] = []
    while True:
        line = waiting.pop(0) if waiting else next(numbered, None)
        if line is None:
            return
        number, words = line
        if number <= after or not words.strip(" \r\n\t") or (number == 1 and words[:4].lower() == "sep="):
            continue
        cells, problem = _cells([words], separator)
        if problem is OPEN:
            cells, problem = _over_lines(words, numbered, waiting, separator, width)
        yield _judged(number, cells, problem, width, separator, words)


def _over_lines(
    first: str,
    numbered: Iterator[tuple[int, str]],
    waiting: list[tuple[int, str]],
    separator: str,
    width: int,
) -> tuple[list[str], str]:
    """The row that goes on after its first line; what it does not use stays in `waiting`."""
    waiting += itertools.islice(numbered, max(0, LONGEST_ROW - len(waiting)))
    for count in range(1, len(waiting) + 1):
        cells, problem = _cells([first, *(words for _, words in waiting[:count])], separator)
        if problem is OPEN:
            continue
        if problem or (width and len(cells) != width):
            break
        del waiting[:count]
        return cells, ""
    return _loose(first, separator), OPEN


def _judged(number: int, cells: list[str], problem: str, width: int, separator: str, words: str) -> Record:
    ends = words.endswith(("\n", "\r"))
    if width and not problem and len(cells) > width and not any(cell.strip() for cell in cells[width:]):
        cells = cells[:width]  # Spreadsheets like to end a line with empty cells.
    if problem is OPEN and not ends:
        problem = CUT
    elif width and not problem and len(cells) != width:
        short = len(cells) < width and not ends
        problem = CUT if short else CELLS.format(found=len(cells), wanted=width, separator=separator)
    return Record(number, tuple(cells), problem)


def _cells(lines: list[str], separator: str) -> tuple[list[str], str]:
    try:
        return next(csv.reader(iter(lines), delimiter=separator, strict=True), []), ""
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return [], OPEN
        return _loose(lines[0], separator), MARKS


def _loose(line: str, separator: str) -> list[str]:
    """The cells of a broken line, as near as can be: for the file of rows to mend."""
    return [cell.strip().strip('"') for cell in line.rstrip("\r\n").split(separator)]

"""Tables as CSV files that open in a spreadsheet without doing anything there.

A cell that begins with one of `= + - @`, a tab or a return would be taken for a formula, so it gets an
apostrophe in front (SECURITY.md, section 11). Numbers stay numbers. The file is UTF-8 with a mark at its
beginning, because the spreadsheet most clinics have reads it in an old encoding otherwise.
"""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | float | None


def sheet(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Give the whole file: a line of column names and a line for each row; None is an empty cell."""
    return b"\xef\xbb\xbf" + sheet_lines([head]) + sheet_lines(rows)


def sheet_lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Give further lines of a file that is sent piece by piece."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue().encode()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell

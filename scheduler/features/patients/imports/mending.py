"""The rows that were left out as a CSV file: to be mended in a spreadsheet and brought again.

It has the columns of the file it came from, and one more that says what is wrong; that one is left out when
the file comes back, because its name says no field.
"""

from collections.abc import Callable, Iterator, Sequence

from scheduler.models import PatientImportRow, RowOutcome
from scheduler.rendering.sheet import sheet, sheet_lines

TO_MEND = "What to mend"
LOOKS = "Looks like somebody who is here already."


def mending_file(head: Sequence[str], read: Callable[[int], Sequence[PatientImportRow]]) -> Iterator[bytes]:
    """The file piece by piece; `read` gives the rows after a number, and none at the end."""
    known = TO_MEND in head
    yield sheet([*head, *([] if known else [TO_MEND])], ())
    rows = read(0)
    while rows:
        yield sheet_lines(_cells(head, row, known) for row in rows)
        rows = read(rows[-1].number)


def _cells(head: Sequence[str], row: PatientImportRow, known: bool) -> list[str]:
    cells = [*row.cells, *[""] * (len(head) - len(row.cells))]
    words = [f"{column}: {sentence}" if column else sentence for column, sentence in row.problems]
    if row.outcome is RowOutcome.LIKELY and not words:
        words = [LOOKS]
    said = " ".join(words)
    if known:
        cells[list(head).index(TO_MEND)] = said
        return cells
    return [*cells[: len(head)], said, *cells[len(head) :]]

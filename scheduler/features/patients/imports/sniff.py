"""A first look at a file: its letters, its separator, its columns, the order of its dates."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.errors import RuleError
from scheduler.features.patients.imports.birth_dates import order_of
from scheduler.features.patients.imports.columns import guess
from scheduler.features.patients.imports.encodings import decode
from scheduler.features.patients.imports.records import Record, head_of, records, separator_of

MOST_COLUMNS = 60
MOST_ROWS = 500_000
SAMPLE = 2_000
EMPTY = "This file has no rows. Its first line must name the columns, and every line after it one patient."
NO_TABLE = (
    "No columns are found in this file. Save it as CSV, with a comma, a semicolon or a tab between cells."
)


@dataclass(frozen=True)
class Sniffed:
    """What a file seems to be; every guess can be changed."""

    encoding: str
    separator: str
    head: tuple[str, ...]
    columns: tuple[str, ...]
    date_order: str
    total: int
    is_cut_off: bool
    sample: tuple[Record, ...]


def sniff(raw: bytes, usual_order: str, encoding: str = "", separator: str = "") -> Sniffed:
    """Look at all of `raw`. Raises RuleError with what to do where it is no table."""
    decoded = decode(raw, encoding)
    chosen = separator or separator_of(decoded.text)
    head = tuple(name.strip() for name in head_of(decoded.text, chosen))
    if len(head) > MOST_COLUMNS:
        raise RuleError(f"This file has {len(head)} columns. {MOST_COLUMNS} can be read: leave some out.")
    rows = records(decoded.text, chosen)
    sample = tuple(itertools.islice(rows, SAMPLE))
    last = sample[-1] if sample else None
    total = len(sample)
    for record in rows:
        total, last = total + 1, record
    if last is None:
        raise RuleError(EMPTY)
    if len(head) < 2 and not separator:
        raise RuleError(NO_TABLE)
    if total > MOST_ROWS:
        raise RuleError(f"This file has {total:,} rows. Split it: {MOST_ROWS:,} can be brought in at once.")
    columns = tuple(guess(head))
    cut = decoded.is_cut_off or _is_cut(decoded.text, last)
    order = order_of(dates_in(sample, columns), usual_order)
    return Sniffed(decoded.encoding, chosen, head, columns, order, total, cut, sample)


def dates_in(sample: Sequence[Record], columns: Sequence[str]) -> list[str]:
    """The birth dates of the first rows."""
    place = list(columns).index("birth_date") if "birth_date" in columns else len(columns)
    return [record.cells[place] for record in sample if place < len(record.cells)]


def _is_cut(text: str, last: Record) -> bool:
    """Whether the last row looks torn: no line end after it, and something missing."""
    return bool(last.problem) and not text.endswith(("\n", "\r"))

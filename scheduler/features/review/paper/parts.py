"""What a sheet of paper is made of: terms with their words, and tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.features.review.paper.columns import widths

Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells, the first of which heads it. `tone` is "", "over" or "struck".

    `under` is said below it, over its whole width.
    """

    cells: Sequence[str]
    tone: str = ""
    under: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table: what it is called, its columns, and which of them hold numbers. `empty` stands for no rows,
    `note` below them.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    numbers: frozenset[int] = frozenset()
    empty: str = ""
    note: str = ""

    @property
    def widths(self) -> Sequence[float]:
        """The width of each column in per cent."""
        return widths(self.columns, [row.cells for row in self.rows], self.numbers)


@dataclass(frozen=True)
class VisitSheet:
    """One infusion: what was given, checked and seen, and how its log stands."""

    title: str
    when: str
    figures: Facts
    groups: Sequence[tuple[str, Facts]]
    vitals: Table
    picture: Any
    trend: str
    tables: Sequence[Table]
    remarks: Facts

"""What the questions of a screening are made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

YES, NO = "yes", "no"
ABREAST = 3
YES_NO = ((YES, "Yes"), (NO, "No"))


class Kind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"
    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    DATE = "date"


@dataclass(frozen=True)
class Field:
    """One question. Its answer is kept as text: the code of an option, a whole number, an ISO day, words.

    `is_needed`: a screening can't say "suitable" without it. `most` is the longest text or the greatest
    number.
    """

    name: str
    label: str
    kind: Kind = Kind.CHOICE
    options: tuple[tuple[str, str], ...] = YES_NO
    hint: str = ""
    most: int = 200
    is_needed: bool = True


@dataclass(frozen=True)
class Rows:
    """A list, such as of medicines: at most so many lines of the same cells."""

    name: str
    label: str
    one: str
    cells: tuple[Field, ...]
    most: int = 8

    def cell(self, line: int, cell: Field) -> str:
        """The name of one cell, such as `trials.1.dose`; lines count from 1."""
        return f"{self.name}.{line}.{cell.name}"


@dataclass(frozen=True)
class Part:
    """Questions that are saved together."""

    code: str
    title: str
    asks: tuple[Field | Rows, ...]
    note: str = ""

    def fields(self) -> Iterator[tuple[str, Field]]:
        """Every field with the name of its answer, those of the lists line by line."""
        for each in self.asks:
            if isinstance(each, Field):
                yield each.name, each
            else:
                for line in range(1, each.most + 1):
                    for cell in each.cells:
                        yield each.cell(line, cell), cell

    def runs(self) -> Iterator[tuple["Field | Rows", ...]]:
        """The questions as they stand side by side: yes or no three in a row, all others by themselves."""
        row: tuple[Field, ...] = ()
        for each in self.asks:
            is_short = isinstance(each, Field) and each.options == YES_NO and each.kind is Kind.CHOICE
            if row and (not is_short or len(row) == ABREAST):
                yield row
                row = ()
            if is_short and isinstance(each, Field):
                row = (*row, each)
            else:
                yield (each,)
        if row:
            yield row


@dataclass(frozen=True)
class Form:
    """All questions of one version, and which of them mean what.

    `companions` are the six of generalized anxiety disorder, `risks` the contraindications.
    """

    version: int
    parts: tuple[Part, ...]
    companions: tuple[str, ...]
    risks: tuple[str, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """Every field by the name of its answer."""
        return {name: field for part in self.parts for name, field in part.fields()}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The label of every question and of every list."""
        return {each.name: each.label for part in self.parts for each in part.asks}

    def part(self, code: str) -> Part | None:
        """The part of this code."""
        return next((part for part in self.parts if part.code == code), None)

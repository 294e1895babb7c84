"""One row of a file to a patient's data, or to what keeps it from being one, column by column."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from scheduler.features.patients.data import PatientData
from scheduler.features.patients.fields import (
    read_email,
    read_guardian,
    read_name,
    read_record_number,
    read_time_zone,
)
from scheduler.features.patients.folding import fold
from scheduler.features.patients.forms import Place
from scheduler.features.patients.imports.birth_dates import read_in_order
from scheduler.features.patients.imports.columns import FIELDS
from scheduler.features.patients.imports.encodings import LOST
from scheduler.features.patients.imports.records import Record
from scheduler.features.patients.phones import read_phone
from scheduler.features.patients.refused import Refused
from scheduler.features.patients.search_keys import sort_key

T = TypeVar("T")
Problem = tuple[str, str]
"""The name of a column, or "" for the whole row, and a sentence."""

LANGUAGES = {
    "en": "en", "eng": "en", "english": "en", "ingles": "en", "es": "es", "spa": "es", "esp": "es",
    "spanish": "es", "espanol": "es", "castellano": "es",
}  # fmt: skip
FORMULAS = ("=", "+", "-", "@")
FORMULA = "This cell begins like a formula ({sign}). Write the value itself."
NOISE = "This cell holds bytes that are no letters in this encoding. Choose another one, or write it again."
COMMA = "Write the whole name as family name, comma, given name."


@dataclass(frozen=True)
class Plan:
    """How rows are read. `places` are the sites by folded name and code; `place` is for rows without one."""

    head: tuple[str, ...]
    columns: tuple[str, ...]
    date_order: str
    language: str
    place: Place
    places: Mapping[str, Place]
    today: date


@dataclass(frozen=True)
class Judged:
    """A row, read: its `data` or its `problems`. Digests are as in `PatientImportRow`."""

    line: int
    cells: tuple[str, ...]
    digest: str
    data: PatientData | None = None
    problems: tuple[Problem, ...] = field(default=())

    @property
    def person(self) -> str | None:
        """A digest of who it is: the folded name and the birth date."""
        if self.data is None:
            return None
        return _digest((sort_key(self.data.given_name, self.data.family_name), str(self.data.birth_date)))


def judge(plan: Plan, record: Record) -> Judged:
    """Read one row by the plan."""
    cells = tuple(_bare(cell) for cell in record.cells)
    digest = _digest([cell.strip() for cell in cells])
    if record.problem:
        return Judged(record.line, cells, digest, problems=(("", record.problem),))
    row = _Row(plan, cells)
    data = row.read()
    return Judged(record.line, cells, digest, data, tuple(row.problems))


class _Row:
    """The cells by field, and the problems found so far."""

    def __init__(self, plan: Plan, cells: Sequence[str]) -> None:
        self.plan, self.problems = plan, list[Problem]()
        self.named = {name: place for place, name in enumerate(plan.columns) if name}
        self.cells = {name: cells[place].strip() for name, place in self.named.items() if place < len(cells)}

    def read(self) -> PatientData | None:
        """The patient, or None where something is wrong."""
        plan = self.plan
        place = self._field("site", self._site) or plan.place
        given, family = self._names()
        values: dict[str, Any] = {
            "given_name": given,
            "family_name": family,
            "birth_date": self._field("birth_date", read_in_order, plan.date_order, plan.today),
            "phone": self._field("phone", read_phone, place.country),
            "email": self._field("email", read_email),
            "record_number": self._field("record_number", read_record_number),
            "time_zone": self._field("time_zone", read_time_zone),
            "guardian_name": self._field("guardian_name", read_guardian),
            "language": self._field("language", self._language) or plan.language,
            "site_id": place.id,
        }
        return None if self.problems else PatientData(**values)

    def _names(self) -> tuple[str | None, str | None]:
        if "full_name" not in self.named:
            return (
                self._field("given_name", read_name, "given name"),
                self._field("family_name", read_name, "family name"),
            )
        return self._field("full_name", _whole_name) or (None, None)

    def _field(self, name: str, reader: Callable[..., T], *more: Any) -> T | None:
        text = self.cells.get(name, "")
        try:
            _check_harmless(name, text)
            return reader(text, *more)
        except Refused as refused:
            place = self.named.get(name)
            self.problems.append((FIELDS[name] if place is None else self.plan.head[place], refused.sentence))
            return None

    def _site(self, text: str) -> Place | None:
        if not text:
            return None
        found = self.plan.places.get(fold(text))
        if found is None:
            raise Refused(f"The clinic has no site “{text[:40]}”. Write its name as in the settings.")
        return found

    def _language(self, text: str) -> str | None:
        if not text:
            return None
        found = LANGUAGES.get(fold(text))
        if found is None:
            raise Refused(f"Messages can't be written in “{text[:40]}”. Write en or es.")
        return found


def _whole_name(text: str) -> tuple[str, str]:
    family, comma, given = text.partition(",")
    if not comma:
        raise Refused(COMMA)
    return read_name(given, "given name"), read_name(family, "family name")


def _check_harmless(name: str, text: str) -> None:
    if LOST in text:
        raise Refused(NOISE)
    is_number = name == "phone" and text.startswith("+")
    if text.startswith(FORMULAS) and not is_number:
        raise Refused(FORMULA.format(sign=text[0]))


def _bare(cell: str) -> str:
    """The cell without the apostrophe that our own files put before what begins like a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith((*FORMULAS, "\t", "\r")) else cell


def _digest(words: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(words).encode("utf-8", "replace")).hexdigest()

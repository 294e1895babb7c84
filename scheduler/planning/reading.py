"""Reading a JSON file field by field, so that what breaks the format is named.

An `Entry` is a value with the path that led to it. Its methods return the value in the
wanted form or raise a FormatError of one line, such as
`request.protocol.gap_min: a whole number of at least 1 is needed, not "two"`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.planning.clinic import MINUTES_A_DAY, Span

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_YEARS = range(1900, 3000)


class FormatError(ValueError):
    """A planning file breaks the format; the message is one line that names the field."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a file, and where it stands."""

    value: Any
    path: str

    def wrong(self, needed: str) -> FormatError:
        """The error for this field, saying what is needed instead."""
        shown = json.dumps(self.value, ensure_ascii=True, default=str)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        return FormatError(f"{self.path}: {needed} is needed, not {shown}")

    def has(self, name: str) -> bool:
        """Whether the field is given and not null."""
        return self._fields().get(name) is not None

    def at(self, name: str) -> "Entry":
        """A field that must be there."""
        fields = self._fields()
        if name not in fields:
            raise FormatError(f"{self.path}.{name}: this field is missing")
        return Entry(fields[name], f"{self.path}.{name}")

    def list_at(self, name: str) -> "list[Entry]":
        """The entries of a list that may be missing."""
        return self.at(name).entries() if self.has(name) else []

    def entries(self) -> "list[Entry]":
        """The entries of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [Entry(value, f"{self.path}[{at}]") for at, value in enumerate(self.value)]

    def items(self) -> "list[tuple[str, Entry]]":
        """The names and values of an object."""
        return [(name, Entry(value, f"{self.path}.{name}")) for name, value in self._fields().items()]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("a text")
        return self.value

    def one_of(self, known: Mapping[str, Any], what: str) -> str:
        """A text that is among the known names."""
        name = self.text()
        if name not in known:
            raise self.wrong(what)
        return name

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def whole(self, low: int, high: int) -> int:
        """A whole number between two bounds, both included."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not low <= self.value <= high:
            raise self.wrong(f"a whole number from {low} to {high}")
        return self.value

    def day(self) -> date:
        """A date such as 2026-10-12."""
        if isinstance(self.value, str) and _DAY.fullmatch(self.value):
            try:
                return self._in_range(date.fromisoformat(self.value))
            except ValueError:
                pass
        raise self.wrong("a date such as 2026-10-12")

    def minute(self, slot_min: int = 1) -> int:
        """A time of day such as 09:30, up to 24:00, in minutes; a multiple of `slot_min`."""
        match = _TIME.fullmatch(self.value) if isinstance(self.value, str) else None
        minute = int(match[1]) * 60 + int(match[2]) if match else MINUTES_A_DAY + 1
        if minute > MINUTES_A_DAY:
            raise self.wrong("a time such as 09:30")
        if minute % slot_min:
            raise self.wrong(f"a multiple of {slot_min} minutes")
        return minute

    def span(self, slot_min: int = 1) -> Span:
        """A list of two times, the first before the second."""
        pair = self.entries()
        if len(pair) != 2:
            raise self.wrong("a list of two times")
        return self._ordered(pair[0].minute(slot_min), pair[1].minute(slot_min))

    def from_to(self, slot_min: int) -> Span:
        """The fields from and to as times, the first before the second."""
        return self._ordered(self.at("from").minute(slot_min), self.at("to").minute(slot_min))

    def moment(self) -> datetime:
        """A date-time such as 2026-10-12T09:30, aware where it has an offset or Z."""
        if isinstance(self.value, str) and _MOMENT.fullmatch(self.value):
            try:
                when = datetime.fromisoformat(self.value)
                self._in_range(when.date())
                return when
            except ValueError:
                pass
        raise self.wrong("a date-time such as 2026-10-12T09:30")

    def _in_range(self, day: date) -> date:
        if day.year not in _YEARS:
            raise ValueError
        return day

    def _ordered(self, start: int, end: int) -> Span:
        if start >= end:
            raise self.wrong("a start before its end")
        return start, end

    def _fields(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return self.value


def load(text: str, path: str) -> Entry:
    """The top of a JSON file; `path` is the first word of every error in it."""
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise FormatError(f"{path}: this is nested too deeply") from None
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise FormatError(f"{path}: this is not JSON ({reason})") from None
    entry = Entry(value, path)
    if not isinstance(value, dict):
        raise entry.wrong("an object")
    return entry


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")

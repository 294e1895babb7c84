"""Reading the fields that the settings' forms share. Each reader gives a value, or notes why it can't."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from scheduler.errors import RuleError
from scheduler.features.capacity.spans import Span, parse_minute, parse_spans

T = TypeVar("T")
EARLIEST, LATEST = 1990, 2190
LONGEST = 200
LONGEST_NUMBER = 10


class Typed:
    """What was typed, and by field what is wrong with it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.errors: dict[str, str] = {}

    def text(self, name: str, what: str, *, required: bool = True, longest: int = LONGEST) -> str:
        """A line of text without spaces around it; `what` begins the sentence that asks for it."""
        found = " ".join(self.values.get(name, "").split())
        if required and not found:
            self.errors[name] = f"{what} is missing. Write it here."
        elif len(found) > longest:
            self.errors[name] = f"{what} is too long. Use at most {longest} characters."
        return found

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A date as the browser's own field writes it."""
        text = self.values.get(name, "").strip()
        if not text and not required:
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            found = date.min
        if not EARLIEST <= found.year <= LATEST:
            self.errors[name] = "Choose a day, such as 2026-05-04."
            return None
        return found

    def choice(self, name: str, allowed: Mapping[str, T], sentence: str) -> T | None:
        """One of a list."""
        found = allowed.get(self.values.get(name, ""))
        if found is None:
            self.errors[name] = sentence
        return found

    def spans(self, name: str) -> tuple[Span, ...]:
        """Hours of one day as people write them."""
        return self._read(name, parse_spans) or ()

    def minute(self, name: str, otherwise: int) -> int:
        """A time of day in minutes; an empty field is `otherwise`."""
        if not self.values.get(name, "").strip():
            return otherwise
        found = self._read(name, parse_minute)
        return otherwise if found is None else found

    def _read(self, name: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(self.values.get(name, ""))
        except RuleError as error:
            self.errors[name] = error.sentence
            return None


def version_of(typed: Mapping[str, str]) -> int:
    """The version that the person saw, as the form carries it. Raises RuleError where it does not."""
    text = typed.get("version", "")
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER):
        raise RuleError("This page is not complete. Open it again and write your change anew.")
    return int(text)

"""The command palette: what is typed, and what it may mean.

`ruiz` finds people, and what can be done for the first of them; `book ruiz` and `move ruiz` do one thing for
everybody who fits; `13 nov`, `friday` or `2026-11-13` is a day to go to; anything else is a page's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 100
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
VERBS = ("book", "move")
NEAR = {"today": 0, "tomorrow": 1, "yesterday": -1}


@dataclass(frozen=True)
class Entry:
    """One line of the palette: what it is or does, a second line, where it leads."""

    label: str
    href: str
    detail: str = ""


@dataclass(frozen=True)
class Group:
    """The lines of one kind under their heading."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Wanted:
    """What was typed: `verb` is "book", "move" or "", `text` the rest, `day` a day that it names."""

    verb: str
    text: str
    day: date | None


def read_wanted(typed: str, today: date) -> Wanted:
    """What `typed` asks for; a verb alone is text, since it may be the beginning of a name."""
    text = " ".join(typed.split())[:LONGEST]
    first, _, rest = text.partition(" ")
    verb = first.lower() if rest and first.lower() in VERBS else ""
    if first.lower() in ("go", "goto") and rest:
        rest = rest.removeprefix("to ")
        return Wanted("", rest, day_in(rest, today))
    return Wanted(verb, rest if verb else text, None if verb else day_in(text, today))


def day_in(text: str, today: date) -> date | None:
    """The day that `text` names: `2026-11-13`, `13 Nov`, `nov 13`, a weekday to come, `tomorrow`."""
    word = text.strip().lower()
    if word in NEAR:
        return today + timedelta(days=NEAR[word])
    for weekday, name in enumerate(WEEKDAYS):
        if len(word) >= 3 and name.startswith(word):
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return _day_and_month(word.split(), today)


def fits(text: str, label: str) -> bool:
    """Whether every word of `text` begins a word of `label`."""
    words = label.lower().split()
    return all(any(word.startswith(part) for word in words) for part in text.lower().split())


def _day_and_month(words: Sequence[str], today: date) -> date | None:
    """A day with a month's name, with or without a year; without one, the next such day."""
    months = [at for word in words for at, name in enumerate(MONTHS, 1) if word.startswith(name)]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 4]
    if len(months) != 1 or not 1 <= len(numbers) <= 2 or len(words) != len(numbers) + 1:
        return None
    years = numbers[1:] or [today.year, today.year + 1]
    days = (_made(year, months[0], numbers[0]) for year in years)
    return next((day for day in days if day and (len(numbers) == 2 or day >= today)), None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

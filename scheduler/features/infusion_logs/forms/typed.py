"""What every form of the chart has in common: clean texts, times with their twin, yeses to questions."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from scheduler.features.infusion_logs.problems import Problem

KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
SURE, WHICH = "sure", "_which"


class Sent:
    """The fields of a form; `many` gives all values of one name."""

    def __init__(self, values: Mapping[str, str], many: Callable[[str], Sequence[str]]) -> None:
        self._values, self._many = values, many

    def text(self, name: str) -> str:
        """One line, without the blanks around it."""
        line = " ".join(self._values.get(name, "").split())
        return "".join(sign for sign in line if unicodedata.category(sign) not in ("Cc", "Zl", "Zp", "Cs"))

    def has(self, name: str) -> bool:
        """Whether the form held such a field."""
        return name in self._values

    def time(self, name: str) -> str:
        """A time with the word that tells it from its twin: `10:30`, `01:30 second`."""
        clock, which = self.text(name)[:5], self.text(name + WHICH)
        return f"{clock} {which}" if clock and which in ("first", "second") else clock

    def whole(self, name: str) -> int | None:
        """A whole number as a program wrote it, such as an id; None for anything else."""
        text = self._values.get(name, "")
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None

    def key(self) -> str | None:
        """What names this writing-down, so that it counts once however often it is sent."""
        text = self._values.get("key", "")
        return text if KEY.fullmatch(text) else None

    def sure(self) -> frozenset[str]:
        """The questions that were answered with yes."""
        return frozenset(self._many(SURE))

    def chosen(self, name: str, allowed: Sequence[str]) -> list[str]:
        """The ticked ones of several, in the order of the list."""
        ticked = set(self._many(name))
        return [each for each in allowed if each in ticked]


class Back:
    """A form that comes back: which one it is, what was typed, and what is to be said about it."""

    def __init__(self, form: str, typed: Mapping[str, str], problems: Sequence[Problem]) -> None:
        self.form, self.typed, self.problems = form, typed, list(problems)

    def of(self, name: str) -> Problem | None:
        """What is to be said about a field."""
        return next((each for each in self.problems if each.field == name), None)

"""The parts of the inbox, and what its forms send."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.errors import RuleError
from scheduler.models import TaskKind

ABOUT: Mapping[str, frozenset[TaskKind]] = {
    "times": frozenset({TaskKind.CHANGE_ASKED, TaskKind.DECLINED}),
    "replies": frozenset({TaskKind.REPLY_UNCLEAR, TaskKind.TEXTS_STOPPED, TaskKind.UNREACHABLE}),
    "messages": frozenset(),
    "confirm": frozenset(),
}
"""The parts by their names in the address, with the kinds of tasks in each."""


@dataclass(frozen=True)
class Deed:
    """How a task was settled, or with `until` the day that it is put off to."""

    outcome: str = ""
    until: date | None = None


def parse_deed(form: Mapping[str, str]) -> Deed:
    """Read `do` (settle or later), `outcome` and `until`. Raises RuleError for what can't be meant."""
    if form.get("do") != "later":
        return Deed(form.get("outcome", ""))
    try:
        return Deed("", date.fromisoformat(form.get("until", "")))
    except ValueError:
        raise RuleError("Choose the day on which it shall be here again.") from None


def parse_version(form: Mapping[str, str]) -> int:
    """The schedule version of the visit as the page showed it. Raises RuleError where there is none."""
    text = form.get("seen", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise RuleError("This could not be read. Open the list again and choose it there.")
    return int(text)

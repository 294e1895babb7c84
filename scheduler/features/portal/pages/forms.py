"""From what a patient typed to a date, a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from scheduler.models import Topic

PARTS = ("day", "month", "year")
TOPICS = {topic.value: topic for topic in Topic}
LONGEST = 10


@dataclass(frozen=True)
class Entering:
    """The birth date as it was typed and, where it is one, as a date."""

    typed: Mapping[str, str]
    born: date | None
    remember: bool


@dataclass(frozen=True)
class Wishes:
    """What may be written and by which way, in which language; `seen` is what the page had seen."""

    allowed: frozenset[Topic]
    language: str
    seen: int


def read_entering(values: Mapping[str, str]) -> Entering:
    """`day`, `month`, `year` as digits, and `remember`."""
    typed = {part: values.get(part, "").strip()[:LONGEST] for part in PARTS}
    return Entering(typed, _date(typed), bool(values.get("remember")))


def read_wishes(values: MultiDict[str, str]) -> Wishes:
    """`allow` for each topic, `language`, `seen`; a `seen` that is no number is one that nobody saw."""
    seen = values.get("seen", "")
    is_number = seen.isascii() and seen.isdigit() and len(seen) < LONGEST
    topics = frozenset(TOPICS[each] for each in values.getlist("allow") if each in TOPICS)
    return Wishes(topics, values.get("language", "")[:LONGEST], int(seen) if is_number else -1)


def _date(typed: Mapping[str, str]) -> date | None:
    if not all(one.isascii() and one.isdigit() for one in typed.values()):
        return None
    try:
        return date(int(typed["year"]), int(typed["month"]), int(typed["day"]))
    except ValueError:
        return None

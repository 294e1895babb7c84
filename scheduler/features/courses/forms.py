"""From the build page's request to what is looked for. What was typed is kept, right or wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from scheduler.errors import RuleError
from scheduler.features.courses.order import Visit, decode

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)|24:00")
KEY = re.compile(r"[\w-]{16,64}")
TICK = re.compile(r"[0-6][ap]")
FARTHEST = timedelta(days=365)
LONGEST_WAIT = timedelta(days=60)
EITHER = "any"


@dataclass(frozen=True)
class BuildForm:
    """The left half of the page. `errors` maps a field to one sentence; `typed` is the request as it came.

    `asked` is False on the first visit to the page, when all is still default. `chosen` is an encoded set
    that somebody works on, `change` the visit in it to change, `wish_day` and `wish_minute` where to.
    `there` says that the patient comes on the days away after all; `bend` is the exception a clinician makes.
    """

    patient_id: int | None
    version_id: int | None
    site: str
    first: date
    until: date
    ticks: frozenset[str] | None
    preferred: tuple[int, int] | None
    chosen: str = ""
    change: int | None = None
    wish_day: date | None = None
    wish_minute: int | None = None
    there: bool = False
    bend: str = ""
    asked: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BookForm:
    """The right half as it is sent: the chosen set, the page's key, why the protocol is bent, if it is."""

    build: BuildForm
    visits: tuple[Visit, ...]
    key: str
    bend_reason: str


def parse_book(values: MultiDict[str, str], today: date) -> BookForm:
    """Read a booking. Raises RuleError where the set or the key is not one of ours."""
    chosen = values.get("proposal", "")
    encoded = values.get(f"set-{chosen}", "")
    if not encoded:
        raise RuleError("Choose one of the sets of dates first.")
    key = values.get("key", "")
    if not KEY.fullmatch(key):
        raise RuleError("This page has lost its number. Reload it, and choose again.")
    return BookForm(
        parse_build(values, today), decode(encoded), key, values.get("bend_reason", "").strip()[:500]
    )


def parse_build(values: MultiDict[str, str], today: date) -> BuildForm:
    """Read the page's parameters; nothing raises, what is wrong stands in `errors`."""
    errors: dict[str, str] = {}
    asked = "protocol" in values
    first = _day(values, "from", today + timedelta(days=1), errors)
    until = _day(values, "until", first + timedelta(days=7), errors)
    _check_days(first, until, today, errors)
    return BuildForm(
        patient_id=_number(values, "patient"),
        version_id=_number(values, "protocol"),
        site=values.get("site", ""),
        first=first,
        until=until,
        ticks=_ticks(values, errors) if asked else None,
        preferred=_preferred(values, errors),
        chosen=values.get("set", ""),
        change=_number(values, "change"),
        wish_day=_day(values, "wish_day", None, errors) if values.get("wish_day") else None,
        wish_minute=_minute(values, "wish_time", errors),
        there=values.get("there") == "1",
        bend=values.get("bend", ""),
        asked=asked,
        errors=errors,
        typed=dict(values.items()),
    )


def _number(values: MultiDict[str, str], name: str) -> int | None:
    text = values.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,9}", text) else None


def _day(values: MultiDict[str, str], name: str, default: date | None, errors: dict[str, str]) -> date:
    text = values.get(name, "").strip()
    fallback = default or date.min
    if not text:
        return fallback
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = "There is no such date. Write it as year-month-day, such as 2026-05-15."
        return fallback


def _check_days(first: date, until: date, today: date, errors: dict[str, str]) -> None:
    if "from" in errors or "until" in errors:
        return
    if first < today:
        errors["from"] = "The first visit can't lie in the past. Choose today or later."
    elif first > today + FARTHEST:
        errors["from"] = "The clinic plans one year ahead. Choose an earlier day."
    elif until < first:
        errors["until"] = "This day comes before the first one. Choose the same day or a later one."
    elif until > first + LONGEST_WAIT:
        errors["until"] = "Look at 60 days at a time. Choose an earlier day."


def _ticks(values: MultiDict[str, str], errors: dict[str, str]) -> frozenset[str]:
    ticks = frozenset(tick for tick in values.getlist("can") if TICK.fullmatch(tick))
    if not ticks:
        errors["can"] = "Tick at least one half-day on which the patient can come."
    return ticks


def _preferred(values: MultiDict[str, str], errors: dict[str, str]) -> tuple[int, int] | None:
    start, end = _minute(values, "pa", errors), _minute(values, "pb", errors)
    if start is None and end is None:
        return None
    low, high = start or 0, 1439 if end is None else end
    if low > high and "pa" not in errors:
        errors["pb"] = "The second time comes before the first one. Turn them round."
        return None
    return low, high


def _minute(values: MultiDict[str, str], name: str, errors: dict[str, str]) -> int | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    match = CLOCK.fullmatch(text)
    if not match:
        errors[name] = "Write a time of day such as 09:30."
        return None
    if text == "24:00":
        return 1440
    return int(match[1]) * 60 + int(match[2])

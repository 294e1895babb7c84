"""From the build page's request to what is looked for. What was typed is kept, right or wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from scheduler.errors import RuleError
from scheduler.features.courses.bending import BENDS
from scheduler.features.courses.order import Visit, decode

CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.h]?([0-5]\d))?", re.ASCII)
MIDNIGHT = 1440
KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
TICK = re.compile(r"[0-6][ap]")
FARTHEST = timedelta(days=365)
LONGEST_WAIT = timedelta(days=60)
NO_DATE = "There is no such date. Write it as year-month-day, such as 2026-05-15."
NO_TIME = "Write a time of day such as 09:30."
EITHER = "any"


@dataclass(frozen=True)
class BuildForm:
    """The left half of the page. `errors` maps a field to one sentence; `typed` is the request as it came.

    `chosen` is an encoded set that somebody works on, `change` the visit in it to change, `wish_day` and
    `wish_minute` where to, `wish_error` what is wrong with that wish: it stands beside the visit, and the
    search goes on. `whole` says that ticks mean whole half-days, whatever exact hours the patient has,
    `there` that the patient comes on the days away after all; `bend` is the exception a clinician makes.
    `after` is the course that this one follows, where it was asked for from there.
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
    wish_error: str = ""
    whole: bool = False
    there: bool = False
    bend: str = ""
    after: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class BookForm:
    """The right half as it is sent: the chosen set, the page's key, why the protocol is bent, if it is."""

    visits: tuple[Visit, ...]
    key: str
    bend_reason: str


def parse_book(values: MultiDict[str, str]) -> BookForm:
    """Read a booking. Raises RuleError where the set or the key is not one of ours."""
    encoded = values.get(f"set-{values.get('proposal', '')}", "")
    if not encoded:
        raise RuleError("Choose one of the sets of dates first.")
    key = values.get("key", "")
    if not KEY.fullmatch(key):
        raise RuleError("This page has lost its number. Reload it, and choose again.")
    return BookForm(decode(encoded), key, bend_reason(values))


def bend_reason(values: MultiDict[str, str]) -> str:
    """Why the protocol is bent, as it was typed, at most 500 characters."""
    return values.get("bend_reason", "").strip()[:500]


def parse_build(values: MultiDict[str, str], today: date) -> BuildForm:
    """Read the page's parameters; nothing raises, what is wrong stands in `errors`."""
    errors: dict[str, str] = {}
    first = _day(values, "from", errors) or today + timedelta(days=1)
    until = _day(values, "until", errors) or _later(first, 7)
    _check_days(first, until, today, errors)
    wish_day, wish_minute, wish_error = _wish(values)
    return BuildForm(
        patient_id=_number(values, "patient"),
        version_id=_number(values, "protocol"),
        site=values.get("site", ""),
        first=first,
        until=until,
        ticks=_ticks(values, errors) if "protocol" in values else None,
        preferred=_preferred(values, errors),
        chosen=values.get("set", ""),
        change=_number(values, "change"),
        wish_day=wish_day,
        wish_minute=wish_minute,
        wish_error=wish_error,
        whole=values.get("whole") == "1",
        there=values.get("there") == "1",
        bend=_bend(values, errors),
        after=_number(values, "after"),
        errors=errors,
        typed=dict(values.items()),
    )


def _number(values: MultiDict[str, str], name: str) -> int | None:
    text = values.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else None


def _day(values: MultiDict[str, str], name: str, errors: dict[str, str]) -> date | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors[name] = NO_DATE
        return None


def _later(day: date, days: int) -> date:
    """`days` after `day`, as far as the calendar goes."""
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _check_days(first: date, until: date, today: date, errors: dict[str, str]) -> None:
    if "from" in errors:
        return
    if first < today:
        errors["from"] = "The first visit can't lie in the past. Choose today or later."
    elif first > today + FARTHEST:
        errors["from"] = "The clinic plans one year ahead. Choose an earlier day."
    elif "until" in errors:
        return
    elif until < first:
        errors["until"] = "This day comes before the first one. Choose the same day or a later one."
    elif until > first + LONGEST_WAIT:
        errors["until"] = "Look at 60 days at a time. Choose an earlier day."


def _ticks(values: MultiDict[str, str], errors: dict[str, str]) -> frozenset[str]:
    ticks = frozenset(tick for tick in values.getlist("can") if TICK.fullmatch(tick))
    if not ticks:
        errors["can"] = "Tick at least one half-day on which the patient can come."
    return ticks


def _bend(values: MultiDict[str, str], errors: dict[str, str]) -> str:
    bend = values.get("bend", "")
    if bend and bend not in BENDS:
        errors["bend"] = "There is no such exception. Find dates again."
        return ""
    return bend


def _preferred(values: MultiDict[str, str], errors: dict[str, str]) -> tuple[int, int] | None:
    start, end = _time(values, "pa", errors), _time(values, "pb", errors)
    if (start is None and end is None) or errors.keys() & {"pa", "pb"}:
        return None
    low, high = start or 0, MIDNIGHT - 1 if end is None else end
    if low > high or low == MIDNIGHT:
        errors["pb"] = "The second time comes before the first one. Turn them round."
        return None
    return low, high


def _time(values: MultiDict[str, str], name: str, errors: dict[str, str]) -> int | None:
    text = values.get(name, "").strip()
    if not text:
        return None
    minute = MIDNIGHT if text == "24:00" else _minute(text)
    if minute is None:
        errors[name] = NO_TIME
    return minute


def _wish(values: MultiDict[str, str]) -> tuple[date | None, int | None, str]:
    """Where a visit should go instead: its day, its minute, and what is wrong with them."""
    if "wish_day" not in values and "wish_time" not in values:
        return None, None, ""
    errors: dict[str, str] = {}
    day, minute = _day(values, "wish_day", errors), _minute(values.get("wish_time", "").strip())
    if day is None:
        errors.setdefault("wish_day", "Write the day too, as year-month-day, such as 2026-05-15.")
    if minute is None:
        errors["wish_time"] = NO_TIME
    return day, minute, " ".join(errors.values())


def _minute(text: str) -> int | None:
    """`9`, `930`, `0930`, `09:30`, `9.30`, `9h30` as a minute of the day; None for anything else."""
    match = CLOCK.fullmatch(text)
    return int(match[1]) * 60 + int(match[2] or 0) if match else None

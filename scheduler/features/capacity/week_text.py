"""A whole week in one line: `Mon-Fri 8-12, 13-18; Sat 9-13`."""

import re
from collections.abc import Mapping, Sequence

from scheduler.errors import RuleError
from scheduler.features.capacity.spans import Span, parse_spans, spans_text

SHORT = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WHOLE = {"daily": range(7), "every": range(7), "day": range(7), "weekdays": range(5)}
RANGE = {"-", "–", "to", "until"}
PART = re.compile(r"(?P<days>[^\d]+?)\s*(?P<hours>\d.*|closed)")
HELP = "Write a week such as Mon-Fri 8-12, 13-18; Sat 9-13."


def parse_week(text: str) -> dict[int, tuple[Span, ...]]:
    """The stretches of each weekday (0 = Monday) in minutes; days that are not named are closed.

    Raises RuleError with a sentence that says what could not be read.
    """
    week: dict[int, tuple[Span, ...]] = dict.fromkeys(range(7), ())
    for part in text.lower().split(";"):
        if part.strip():
            match = PART.fullmatch(part.strip())
            if match is None:
                raise RuleError(f"“{part.strip()[:20]}” has no day or no hours. {HELP}")
            spans = parse_spans(match["hours"])
            for day in _days(match["days"]):
                week[day] = spans
    if not any(week.values()):
        raise RuleError(f"The week has no open day. {HELP}")
    return week


def week_text(week: Mapping[int, Sequence[Span]]) -> str:
    """The week as it is typed; days with the same hours in a row are one."""
    parts: list[str] = []
    day = 0
    while day < len(SHORT):
        last = day
        while last + 1 < len(SHORT) and week.get(last + 1) == week.get(day):
            last += 1
        if week.get(day):
            days = SHORT[day] if last == day else f"{SHORT[day]}-{SHORT[last]}"
            parts.append(f"{days} {spans_text(week[day])}")
        day = last + 1
    return "; ".join(parts)


def _days(text: str) -> list[int]:
    found: list[int] = []
    in_range = False
    for word in re.findall(r"[a-z]+|-|–", text):
        if word in RANGE:
            in_range = True
        elif word in WHOLE:
            found.extend(WHOLE[word])
        elif word != "and":
            day = _day(word)
            found.extend(range(found[-1] + 1, day + 1) if in_range and found else [day])
            in_range = False
    if not found:
        raise RuleError(f"“{text.strip()[:20]}” names no day. {HELP}")
    return found


def _day(word: str) -> int:
    names = [short.lower() for short in SHORT]
    if word[:3] not in names:
        raise RuleError(f"“{word[:20]}” is not a day. {HELP}")
    return names.index(word[:3])

"""Hours as people write them: `8-12, 13-18`, `8:30 to 16`, `9am-5pm`, `closed`."""

import re
from collections.abc import Sequence
from itertools import pairwise

from scheduler.errors import RuleError

Span = tuple[int, int]
STEP = 10
CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?(am|pm)?")
DASH = re.compile(r"-|–|—|\bto\b|\buntil\b")
NOTHING = {"", "closed", "off", "none", "free", "-", "–"}
HELP = "Write hours such as 8-12, 13-18."


def parse_spans(text: str) -> tuple[Span, ...]:
    """Stretches of one day in minutes, in order; none for an empty field or `closed`.

    Raises RuleError with a sentence that names what could not be read, what overlaps or is off the grid.
    """
    plain = text.strip().lower()
    if plain in NOTHING:
        return ()
    found = sorted(_span(part) for part in re.split(r",|;|\+|&|\band\b", plain) if part.strip())
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise RuleError(f"{said(start)} lies inside the stretch before it. {HELP}")
    joined: list[Span] = []
    for start, end in found:
        if joined and joined[-1][1] == start:
            start = joined.pop()[0]
        joined.append((start, end))
    return tuple(joined)


def parse_minute(text: str) -> int:
    """A time of day in minutes; 24:00 is 1440. Raises RuleError."""
    plain = "".join(text.lower().split())
    match = CLOCK.fullmatch(plain) if plain.isascii() else None
    if match is None:
        raise RuleError(f"“{text.strip()[:20]}” is not a time of day. {HELP}")
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if half and not 1 <= hour <= 12:
        hour = 99
    elif half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    total = hour * 60 + minute
    if minute > 59 or total > 1440:
        raise RuleError(f"“{text.strip()[:20]}” is not a time of day. {HELP}")
    if total % STEP:
        raise RuleError(f"{said(total)} is not on a whole ten minutes, which is how visits are planned.")
    return total


def spans_text(spans: Sequence[Span]) -> str:
    """Stretches as they are typed: `08:00-12:00, 13:00-18:00`."""
    return ", ".join(f"{said(start)}-{said(end)}" for start, end in spans)


def said(minute: int) -> str:
    """`09:30`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _span(part: str) -> Span:
    ends = DASH.split(part)
    if len(ends) != 2:
        raise RuleError(f"“{part.strip()[:20]}” is not from one time to another. {HELP}")
    start, end = (parse_minute(each) for each in ends)
    if end == 0:
        end = 1440
    if start >= end:
        raise RuleError(f"{said(start)} to {said(end)} ends before it begins. {HELP}")
    return start, end

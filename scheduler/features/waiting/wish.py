"""What somebody waits for: an earlier day, certain half-days, and how long before it they must know."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import RuleError
from scheduler.features.courses.wishes import HALVES, MIDNIGHT, NOON, Span
from scheduler.models import WaitingEntry

TICK = re.compile(r"[0-6][ap]", re.ASCII)
MOST_NOTICE = 336
LONGEST_REACH = 120
LONGEST_NOTE = 300
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALL_WEEK = frozenset(f"{day}{half}" for day in range(7) for half in HALVES)


@dataclass(frozen=True)
class Wish:
    """`half_days` such as `0a` (Monday morning) on which a whole visit may lie; hours of notice before it."""

    earlier: bool
    half_days: frozenset[str]
    notice_hours: int = 0
    reach: str = ""
    note: str = ""

    def weekly(self) -> dict[int, tuple[Span, ...]]:
        """The ticked half-days as windows in local minutes; both halves of a day are one window."""
        windows: dict[int, tuple[Span, ...]] = {}
        for day in range(7):
            am, pm = f"{day}a" in self.half_days, f"{day}p" in self.half_days
            if am or pm:
                windows[day] = ((0 if am else NOON, MIDNIGHT if pm else NOON),)
        return windows

    def holds(self, start: datetime, minutes: int) -> bool:
        """Whether a visit of that length at a local start lies in the ticked half-days."""
        minute = start.hour * 60 + start.minute
        spans = self.weekly().get(start.weekday(), ())
        return any(a <= minute and minute + minutes <= b for a, b in spans)


def wish_of(entry: WaitingEntry) -> Wish:
    """The wish of an entry."""
    return Wish(entry.earlier, frozenset(entry.half_days), entry.notice_hours, entry.reach, entry.note)


def check_wish(wish: Wish) -> None:
    """Raise RuleError with `errors` by field for what can't be waited for."""
    errors: dict[str, str] = {}
    if not wish.half_days or not all(TICK.fullmatch(each) for each in wish.half_days):
        errors["half_days"] = "Tick at least one half-day on which the patient could come."
    if not 0 <= wish.notice_hours <= MOST_NOTICE:
        errors["notice_hours"] = f"Write the hours of notice as a whole number from 0 to {MOST_NOTICE}."
    if len(wish.reach) > LONGEST_REACH:
        errors["reach"] = f"Say in at most {LONGEST_REACH} characters how to reach them."
    if len(wish.note) > LONGEST_NOTE:
        errors["note"] = f"Say why in at most {LONGEST_NOTE} characters."
    if errors:
        raise RuleError(" ".join(errors.values()), errors=errors)


def half_day_words(half_days: Collection[str]) -> str:
    """`any time`, `Mon and Tue mornings`, `Mon, Wed mornings; Tue all day`."""
    if ALL_WEEK - {"5a", "5p", "6a", "6p"} <= set(half_days):
        return "any time"
    groups = {
        "all day": [d for d in range(7) if {f"{d}a", f"{d}p"} <= set(half_days)],
        "mornings": [d for d in range(7) if f"{d}a" in half_days and f"{d}p" not in half_days],
        "afternoons": [d for d in range(7) if f"{d}p" in half_days and f"{d}a" not in half_days],
    }
    return "; ".join(f"{', '.join(DAYS[d] for d in days)} {name}" for name, days in groups.items() if days)


def wish_words(wish: Wish) -> str:
    """`An earlier day, Mon, Tue mornings, 24 hours' notice`."""
    what = "An earlier day" if wish.earlier else "Another time"
    notice = ""
    if wish.notice_hours:
        hours = "1 hour’s" if wish.notice_hours == 1 else f"{wish.notice_hours} hours’"
        notice = f", {hours} notice"
    return f"{what}, {half_day_words(wish.half_days)}{notice}"

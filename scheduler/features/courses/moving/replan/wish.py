"""What the replan page is asked for: which numbers, from when, at what time of day. Kept as it was typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from scheduler.features.courses.building.forms import CLOCK, FARTHEST, MIDNIGHT, NO_DATE, NO_TIME, TICK
from scheduler.features.courses.wishes import Span


@dataclass(frozen=True)
class ReplanWish:
    """`after`: the infusion that was given up; `every`: whether those that follow may move (None: not said).

    `asked` says that the wishes below were filled in, and are not what the course has: the first day, the
    half-days on which the patient can come, when they like to start, and whether they come on days away.
    """

    after: int | None = None
    every: bool | None = None
    asked: bool = False
    first: date | None = None
    ticks: frozenset[str] = frozenset()
    preferred: Span | None = None
    there: bool = False


@dataclass(frozen=True)
class ReplanForm:
    """A wish, and by field what is wrong with it."""

    wish: ReplanWish
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    def values(self, **changes: object) -> dict[str, object]:
        """The page's own address as values, some of them changed; None leaves one out."""
        wish = self.wish
        found: dict[str, object] = {"after": wish.after}
        if wish.every is not None:
            found["all"] = "1" if wish.every else "0"
        if wish.asked:
            found |= {name: self.typed.get(name) or None for name in ("from", "pa", "pb")}
            found |= {"asked": "1", "can": sorted(wish.ticks), "there": "1" if wish.there else None}
        return {name: value for name, value in (found | changes).items() if value is not None}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The same, one by one, for a form that carries them along."""
        pairs = []
        for name, value in self.values().items():
            several = value if isinstance(value, list) else [value]
            pairs += [(name, str(each)) for each in several]
        return pairs


def parse_replan(values: MultiDict[str, str], today: date) -> ReplanForm:
    """Read the page's parameters; nothing raises, what is wrong stands in `errors`."""
    typed = {name: values.get(name, "").strip()[:40] for name in ("from", "pa", "pb")}
    after = values.get("after", "")
    every = {"1": True, "0": False}.get(values.get("all", ""))
    number = int(after) if re.fullmatch(r"[1-9]\d{0,8}", after, re.ASCII) else None
    if values.get("asked") != "1":
        return ReplanForm(ReplanWish(number, every))
    errors: dict[str, str] = {}
    ticks = frozenset(tick for tick in values.getlist("can") if TICK.fullmatch(tick))
    if not ticks:
        errors["can"] = "Tick at least one half-day on which the patient can come."
    wish = ReplanWish(
        after=number,
        every=every,
        asked=True,
        first=_first(typed["from"], today, errors),
        ticks=ticks,
        preferred=_preferred(typed, errors),
        there=values.get("there") == "1",
    )
    return ReplanForm(wish, errors, typed)


def _first(text: str, today: date, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["from"] = NO_DATE
        return None
    if day < today - timedelta(days=1):
        errors["from"] = "That day has passed. Choose today or later."
    elif day > today + FARTHEST:
        errors["from"] = "The clinic plans one year ahead. Choose an earlier day."
    return None if "from" in errors else day


def _preferred(typed: Mapping[str, str], errors: dict[str, str]) -> Span | None:
    start, end = (_minute(typed, name, errors) for name in ("pa", "pb"))
    if start is None and end is None:
        return None
    low, high = start or 0, MIDNIGHT - 1 if end is None else end
    if low > high:
        errors["pb"] = "The second time comes before the first one. Turn them round."
        return None
    return low, high


def _minute(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    if not typed[name]:
        return None
    match = CLOCK.fullmatch(typed[name])
    if match is None:
        errors[name] = NO_TIME
        return None
    return int(match[1]) * 60 + int(match[2] or 0)

"""From a request to a wish for a visit, and to what was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from scheduler.errors import RuleError
from scheduler.features.courses.building.forms import CLOCK, FARTHEST, KEY, NO_DATE, NO_TIME
from scheduler.features.courses.moving.order import MoveOrder, decode_move
from scheduler.features.courses.moving.preview import MoveWish


@dataclass(frozen=True)
class MoveForm:
    """A wish, or what is wrong with it by field; `typed` is shown again as it was written."""

    wish: MoveWish | None
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceForm:
    """What was chosen: `name` is the way's, `key` the page's own."""

    order: MoveOrder
    name: str
    key: str


def parse_wish(values: Mapping[str, str], now: datetime) -> MoveForm:
    """`day`, `time` and `chair`; without a day and a time there is no wish yet."""
    typed = {name: values.get(name, "").strip()[:40] for name in ("day", "time", "chair")}
    if not typed["day"] and not typed["time"]:
        return MoveForm(None)
    errors: dict[str, str] = {}
    day, match = _day(typed["day"], now, errors), CLOCK.fullmatch(typed["time"])
    if match is None:
        errors["time"] = NO_TIME
    if errors or match is None or day is None:
        return MoveForm(None, errors, typed)
    chair = typed["chair"]
    number = int(chair) if chair.isascii() and chair.isdigit() and len(chair) < 10 else None
    return MoveForm(MoveWish(day, int(match[1]) * 60 + int(match[2] or 0), number or None), {}, typed)


def parse_place(values: Mapping[str, str]) -> PlaceForm:
    """The chosen way. Raises RuleError where none was chosen or it can't be read."""
    name, key = values.get("proposal", ""), values.get("key", "")
    if not KEY.fullmatch(key):
        raise RuleError("This page can't be sent twice. Open it again.")
    if not name:
        raise RuleError("Choose one of the ways first.")
    return PlaceForm(decode_move(values.get(f"set-{name[:10]}", "")), name, key)


def _day(text: str, now: datetime, errors: dict[str, str]) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["day"] = NO_DATE
        return None
    if not now.date().toordinal() - 1 <= day.toordinal() <= now.date().toordinal() + FARTHEST.days:
        late = day > now.date()
        errors["day"] = (
            "The clinic plans one year ahead. Choose an earlier day." if late else "That day has passed."
        )
        return None
    return day

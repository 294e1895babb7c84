"""From a form of the staff to a rating. What was typed is kept, right or wrong.

The true time is written on the clinic's wall clock. A time that the clocks skip is refused, and one that
happens twice is asked about: the form comes back with both to choose from.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scheduler.features.ratings.entry import Place, RatingEntry
from scheduler.features.ratings.instruments import ANXIETY_NOW, Instrument
from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.scoring import is_answer
from scheduler.models import TimePoint

LONGEST_REASON = 300
FIELDS = ("time_point", "value", "rated_day", "rated_time", "which", "replaces", "reason")


@dataclass(frozen=True)
class RatingForm:
    """The form as it came. `entry` is there only without `errors`; `twice` asks which of two equal times."""

    typed: Mapping[str, str]
    errors: Mapping[str, str]
    entry: RatingEntry | None = None
    twice: bool = False

    @property
    def time_point(self) -> str:
        """The time point that was handed in, whatever it was."""
        return self.typed["time_point"]


def read_rating(values: Mapping[str, str], place: Place, infusion_id: int) -> RatingForm:
    """Read the form at the chair: "anxiety now" alone. Nothing raises, what is wrong stands in `errors`."""
    typed = {name: values.get(name, "").strip() for name in FIELDS}
    errors: dict[str, str] = {}
    point = _point(typed["time_point"], errors)
    value = _value(typed["value"], errors)
    slot = Slot(point, infusion_id) if point is not None else None
    return _read(typed, errors, place, slot, ANXIETY_NOW, (value,))


def read_answers(values: Mapping[str, str], place: Place, slot: Slot, instrument: Instrument) -> RatingForm:
    """Read the form of any instrument; answers stand in `a0`, `a1` and so on, and one may be left out."""
    names = [f"a{at}" for at in range(instrument.length)]
    typed = {name: values.get(name, "").strip() for name in (*FIELDS, *names)}
    errors: dict[str, str] = {}
    answers = tuple(_answer(name, typed[name], instrument, errors) for name in names)
    return _read(typed, errors, place, slot, instrument, answers)


def _read(
    typed: dict[str, str],
    errors: dict[str, str],
    place: Place,
    slot: Slot | None,
    instrument: Instrument,
    answers: tuple[int | None, ...],
) -> RatingForm:
    rated_at, twice = _moment(typed, place.zone, errors)
    reason = _reason(typed["reason"], errors)
    replaces = int(typed["replaces"]) if re.fullmatch(r"[0-9]{1,12}", typed["replaces"]) else None
    if errors or slot is None or rated_at is None:
        return RatingForm(typed, errors, twice=twice)
    language = instrument.language(place.language)
    entry = RatingEntry(slot, instrument.key, answers, rated_at, language, replaces=replaces, reason=reason)
    return RatingForm(typed, errors, entry, twice)


def _point(text: str, errors: dict[str, str]) -> TimePoint | None:
    if text in (TimePoint.PRE, TimePoint.POST_2H):
        return TimePoint(text)
    errors["time_point"] = "Choose whether the rating was given before the infusion or two hours after."
    return None


def _value(text: str, errors: dict[str, str]) -> int | None:
    if re.fullmatch(r"[0-9]{1,3}", text):
        return int(text)
    errors["value"] = "Choose a number from 0 to 10."
    return None


def _answer(name: str, text: str, instrument: Instrument, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    value = int(text) if re.fullmatch(r"[0-9]{1,3}", text) else None
    if value is not None and is_answer(instrument, value):
        return value
    errors[name] = f"Choose a whole number from {instrument.least} to {instrument.most}."
    return None


def _moment(typed: Mapping[str, str], zone: ZoneInfo, errors: dict[str, str]) -> tuple[datetime | None, bool]:
    """The instant of the wall-clock time that was written, and whether that time happened twice."""
    wall = _wall(typed, errors)
    if wall is None:
        return None, False
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != wall:
        errors["rated_time"] = (
            f"{wall:%H:%M} did not exist on that day: the clocks went forward. Write another."
        )
        return None, False
    if first == second:
        return first, False
    if typed["which"] not in ("first", "second"):
        errors["which"] = (
            f"{wall:%H:%M} happened twice on that day: the clocks went back. Choose which it was."
        )
        return None, True
    return first if typed["which"] == "first" else second, True


def _wall(typed: Mapping[str, str], errors: dict[str, str]) -> datetime | None:
    """The written date and time, without a zone yet."""
    try:
        day = datetime.strptime(typed["rated_day"], "%Y-%m-%d").date()  # noqa: DTZ007 - wall time
    except ValueError:
        errors["rated_day"] = "Write the day of the answer as year-month-day, such as 2026-05-15."
        day = None
    try:
        time = datetime.strptime(typed["rated_time"][:5], "%H:%M").time()  # noqa: DTZ007 - wall time
    except ValueError:
        errors["rated_time"] = "Write the time of the answer as hours and minutes, such as 10:40."
        return None
    if day is None:
        return None
    if not 2000 <= day.year <= 2100:
        errors["rated_day"] = "Write the year of the answer with four figures, such as 2026."
        return None
    return datetime.combine(day, time)


def _reason(text: str, errors: dict[str, str]) -> str | None:
    if len(text) > LONGEST_REASON:
        errors["reason"] = f"Keep the reason below {LONGEST_REASON} characters; it has {len(text)}."
    elif any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") for sign in text):
        errors["reason"] = "Write the reason on one line, without control characters."
    return text or None

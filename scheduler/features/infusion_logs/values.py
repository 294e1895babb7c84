"""One field's text to its value and back. What is impossible is refused, what is unusual is asked about."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, cast

from scheduler.errors import RuleError
from scheduler.features.infusion_logs.domain.dose import from_pounds, in_pounds
from scheduler.features.infusion_logs.domain.limits import LIMITS, Limit, is_impossible, is_unusual
from scheduler.features.infusion_logs.domain.numbers import nearest, read_number, shown
from scheduler.features.infusion_logs.fields import Field, Kind
from scheduler.features.infusion_logs.place import Place

Value = str | int | date | datetime | None


@dataclass(frozen=True)
class Read:
    """What a text means. `ask` is a question that has to be answered with yes before the value is taken."""

    value: Value
    ask: str = ""


def read_field(field: Field, text: str, place: Place) -> Read:
    """The value of a text, None for an empty one. Raises RuleError with one sentence for what can't be."""
    if not text:
        return Read(None)
    match field.kind:
        case Kind.NUMBER | Kind.WEIGHT:
            return _number(field, text, place)
        case Kind.CHOICE:
            if text not in dict(field.options):
                raise RuleError(f"{field.label}: choose one of the answers.")
            return Read(text)
        case Kind.TIME:
            return Read(place.instant(text))
        case Kind.DATE:
            return _date(text, place)
    if len(text) > field.longest:
        raise RuleError(f"Keep “{field.label}” below {field.longest} characters; it has {len(text)}.")
    return Read(text)


def show_field(field: Field, value: Value, place: Place) -> str:
    """The text that stands in the field for a value; reading it gives the value back."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return place.clock(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        if field.kind is Kind.WEIGHT:
            return weight_text(value, pounds=place.pounds)
        return shown(Fraction(value, field.scale), field.decimals)
    return value


def weight_text(grams: int, *, pounds: bool) -> str:
    """`70.0`, or `154.3` in pounds."""
    return shown(in_pounds(grams), 1, 1) if pounds else shown(Fraction(grams, 1000), 3, 1)


def plain(value: Value) -> str | int | None:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def from_plain(field: Field, kept: Any) -> Value:
    """The value that JSON kept."""
    if kept is None or field.kind not in (Kind.TIME, Kind.DATE):
        return cast("Value", kept)
    return datetime.fromisoformat(kept) if field.kind is Kind.TIME else date.fromisoformat(kept)


def _number(field: Field, text: str, place: Place) -> Read:
    limit = LIMITS[field.limit]
    number = read_number(text)
    if number is None:
        raise RuleError(f"Write {_low(field.label)} as a number, such as {_sample(limit)}.")
    if field.kind is Kind.WEIGHT:
        grams = from_pounds(number) if place.pounds else nearest(number * 1000)
        return Read(grams, within(limit, Fraction(grams, 1000), f"{text} {'lb' if place.pounds else 'kg'}"))
    if (number * field.scale).denominator != 1 and not field.decimals:
        raise RuleError(f"Write {_low(field.label)} as a whole number.")
    return Read(nearest(number * field.scale), within(limit, number, f"{text} {limit.unit}"))


def within(limit: Limit, value: Fraction | int, written: str) -> str:
    """The question that `value` raises, "" for none. Raises RuleError for what no patient can have."""
    if is_impossible(limit, value):
        low, high = limit.hard
        raise RuleError(
            f"{limit.name} {written} can't be right: it lies outside {_said(low)} to {_said(high)} "
            f"{limit.unit}. Write it again."
        )
    if limit.soft is not None and is_unusual(limit, value):
        low, high = limit.soft
        return f"{limit.name} {written} is outside the usual {_said(low)} to {_said(high)} {limit.unit}."
    return ""


def _date(text: str, place: Place) -> Read:
    try:
        day = date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        raise RuleError("Write the date as year-month-day, such as 2027-03-31.") from None
    if not 2000 <= day.year <= 2100:
        raise RuleError("Write the year with four figures, such as 2027.")
    ask = "" if day >= place.day else f"The lot expired on {day.isoformat()}, before this infusion."
    return Read(day, ask)


def _said(bound: int | Fraction) -> str:
    return shown(Fraction(bound), 2)


def _sample(limit: Limit) -> str:
    low, high = limit.soft or limit.hard
    return _said(Fraction(nearest((Fraction(low) + high) / 2)))


def _low(label: str) -> str:
    return f"“{label}”"

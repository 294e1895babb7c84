"""The form of one kind of alert in the settings, and the filters of the page of alerts."""

import re
from collections.abc import Mapping

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.ratings.alerts.words import NUMBERS
from scheduler.features.tasks.alerting.rules import Rule
from scheduler.models import AlertKind

PAGES = 10_000


def kind_of(name: str) -> AlertKind:
    """The kind of this name. Raises NotFoundError."""
    try:
        return AlertKind(name)
    except ValueError:
        raise NotFoundError("There is no such kind of alert.") from None


def read_rule(kind: AlertKind, form: Mapping[str, str]) -> Rule:
    """What was asked for; `version` is what the person had seen. Raises RuleError that names the field."""
    values = {}
    for number in NUMBERS.get(kind, ()):
        value = _whole(form.get(number.name, "").strip())
        if value is None or not number.low <= value <= number.high:
            raise RuleError(f"Write a whole number from {number.low} to {number.high}.", field=number.name)
        values[number.name] = value
    if values.get("at_most", PAGES) < values.get("at_least", 0):
        raise RuleError("The last week can't lie before the first.", field="at_most")
    return Rule(for_nurses=form.get("for_nurses") == "1", version=_whole(form.get("seen", "")) or 0, **values)


def read_filters(values: Mapping[str, str]) -> tuple[bool, AlertKind | None, int | None, int]:
    """Whether the past ones are wanted, of which kind, of which site, and which page; what can't be is left
    out.
    """
    kind = next((kind for kind in AlertKind if kind.value == values.get("kind")), None)
    page = _whole(values.get("page", "")) or 1
    return values.get("show") == "past", kind, _whole(values.get("site", "")), min(page, PAGES)


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None

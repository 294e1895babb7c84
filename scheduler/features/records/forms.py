"""What the forms of records send, as plain data."""

from collections.abc import Mapping

from scheduler.errors import RuleError
from scheduler.features.records.kinds import Rule


def words(form: Mapping[str, str], name: str) -> str:
    """One line of text without spaces around it."""
    return form.get(name, "").strip()


def rule(form: Mapping[str, str]) -> Rule:
    """The years of one kind. Raises RuleError with the `field` that is no number."""
    return Rule(
        _whole(form, "years"),
        _whole(form, "least"),
        _whole(form, "until_age"),
        _whole(form, "seen"),
    )


def _whole(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "0").strip() or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise RuleError("Write a whole number of years, such as 7.", field=name)
    return int(text)

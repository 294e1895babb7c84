"""Fields that take no more than Sixfold stores: one line of text, a record's number, a wall time."""

import unicodedata
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from scheduler.web.inputs import GREATEST_ID

WALL_TIME = r"^2[01][0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"


class Line(fields.String):
    """One line of text without anything that can't be seen."""

    def __init__(self, longest: int, **more: Any) -> None:
        super().__init__(validate=[validate.Length(max=longest), _seen], **more)


class Number(fields.Integer):
    """The number of a record."""

    def __init__(self, **more: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(1, GREATEST_ID), **more)


class WallTime(fields.String):
    """Local time at the site, to the minute, without an offset: `2026-11-09T09:30`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Regexp(WALL_TIME), **more)

    def deserialize(self, *given: Any, **more: Any) -> Any:
        """The naive time. The pattern is checked first, the calendar after it."""
        text = super().deserialize(*given, **more)
        if not isinstance(text, str):
            return text
        try:
            return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007 - wall time
        except ValueError:
            raise ValidationError("The calendar has no such time.") from None


def _seen(text: str) -> None:
    if any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in text):
        raise ValidationError("It holds a line break or another character that can't be seen.")

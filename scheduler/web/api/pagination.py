"""Lists of the API, slice by slice. `next` is opaque: a program hands it back as `cursor`, no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

MOST = 100


class PageQuery(Schema):
    """Which slice of a list."""

    cursor = fields.String(
        validate=validate.Regexp(r"^[1-9][0-9]{0,8}$"), metadata={"description": "`next` of the slice before"}
    )
    limit = fields.Integer(load_default=25, validate=validate.Range(1, MOST))


@dataclass(frozen=True)
class Slice:
    """Some lines of a list, and where it goes on: None at its end."""

    items: Sequence[Any]
    next: str | None


def read_cursor(query: dict[str, Any]) -> int | None:
    """The record after which the slice begins; None for the first one."""
    return int(query["cursor"]) if "cursor" in query else None

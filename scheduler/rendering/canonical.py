"""One way to write facts down, so that the same facts are the same bytes wherever and whenever they are read.

A signature holds for bytes. Two programs that write the same JSON with other spaces, another order of keys or
another way to write a number would disagree about it, so here is one way: keys sorted by code point, no
spaces, UTF-8 as it is, line feeds and quotes escaped as JSON asks. Numbers are whole (weights are grams,
doses micrograms): a fraction has too many ways to be written. Instants are UTC with a Z. What has no such
form is refused, never guessed.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

Facts = dict[str, Any]
AS_IT_IS = frozenset({type(None), bool, int, str})
"""Nearly all values of a chart: asked for first, because a page writes down thousands."""
TEXT = frozenset({str})
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def plain(value: Any) -> Any:
    """A value of a column as JSON keeps it: instants as `2026-11-02T15:00:00Z`, days as `2026-11-02`.

    Raises TypeError for an instant without a zone and for what has no plain form.
    """
    if type(value) in AS_IT_IS:
        return value
    match value:
        case datetime():
            return _utc(value)
        case Enum():
            return plain(value.value)
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): each if type(each) in AS_IT_IS else plain(each) for key, each in value.items()}
        case list() | tuple():
            return [each if type(each) in AS_IT_IS else plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _utc(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError("an instant needs a time zone")
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{at.isoformat()[:-6]}Z"


def canonical_bytes(facts: Mapping[str, Any]) -> bytes:
    """The bytes that are signed. Raises TypeError for a fraction, a key that is no text, and anything else
    that plain JSON data do not hold; UnicodeEncodeError (a ValueError) for half a character.
    """
    _only_plain(facts)
    return text_of(facts).encode()


def text_of(value: Any) -> str:
    """The same as text, of a value that is made of what `plain` gives: nobody looks whether it is."""
    return _encode(value)


def text_of_parts(parts: Mapping[str, str]) -> str:
    """The canonical text of an object from those of its values: what several hold is written once."""
    return "{" + ",".join(f"{_encode(key)}:{text}" for key, text in sorted(parts.items())) + "}"


def text_of_list(texts: Iterable[str]) -> str:
    """The canonical text of a list from those of its values."""
    return "[" + ",".join(texts) + "]"


def digest_of(body: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def facts_digest(facts: Mapping[str, Any]) -> str:
    """The digest of facts."""
    return digest_of(canonical_bytes(facts))


def instant(text: str) -> datetime:
    """The instant that `plain` wrote."""
    return datetime.fromisoformat(text)


def _only_plain(value: Any) -> None:
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, Mapping):
        if not (set(map(type, value)) <= TEXT or all(isinstance(key, str) for key in value)):
            raise TypeError("a key has to be text")
        _all_plain(value.values())
    elif isinstance(value, list):
        _all_plain(value)
    else:
        raise TypeError(f"{type(value).__name__} has no canonical form")


def _all_plain(values: Iterable[Any]) -> None:
    for each in [one for one in values if type(one) not in AS_IT_IS]:
        _only_plain(each)

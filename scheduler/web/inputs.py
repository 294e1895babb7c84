"""What no form field and no address may hold, refused before any view looks at it.

A line end in a name becomes a forged header in a mail, a NUL ends a text early in one database and
breaks the other, and U+2028 breaks lines where nobody expects it. Hardly a field of Sixfold has several
lines, so none of these is ever right but where a view says so (`any_text`). What a view refuses beyond that,
it says itself.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

from flask import Flask, current_app, request
from werkzeug.exceptions import LengthRequired, NotFound
from werkzeug.routing import IntegerConverter, Map, ValidationError

from scheduler.errors import SixfoldError

View = TypeVar("View", bound=Callable[..., Any])
ANY_TEXT = "sixfold_any_text"
LONGEST_NAME = 100
LONGEST_VALUE = 5_000
MOST_FIELDS = 1_000
GREATEST_ID = 2**31 - 1
FORM = "application/x-www-form-urlencoded"
LINES = {"Zl", "Zp"}
REPLACEMENT = "�"  # What a decoder puts where the bytes made no sense.
SPEAKABLE = re.compile(r"[a-z][a-z_ -]{0,40}")


class UnreadableError(SixfoldError):
    """Something in the request can't be text that a person entered."""

    title = "That could not be read"


class RecordNumber(IntegerConverter):
    """`<int:…>` in an address: a number that a record can have. Anything greater is simply not there."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=GREATEST_ID)

    def to_python(self, value: str) -> int:
        """The number; 0 belongs to nobody."""
        number = int(super().to_python(value))
        if number == 0:
            raise ValidationError
        return number


def init_inputs(app: Flask) -> None:
    """Check every request of `app`. Comes before its routes, because it says what their numbers are."""
    app.url_map.converters["int"] = RecordNumber
    app.before_request(_check)


def any_text(view: View) -> View:
    """Declare that a view takes fields as they come, such as a patient's own text, and cleans them itself.

    Without a form to go back to, a refusal would lose what was said.
    """
    setattr(view, ANY_TEXT, True)
    return view


def _check() -> None:
    if REPLACEMENT in request.path or not _is_clean(request.path):
        raise NotFound
    if not _is_utf8(request.query_string):
        raise UnreadableError("The address holds bytes that are not text. Go back and follow the link again.")
    _check_fields(request.args.items(multi=True))
    if request.method in {"POST", "PUT", "PATCH"}:
        if request.content_length is None and "Transfer-Encoding" in request.headers:
            raise LengthRequired  # A body without a length would be cut off at the limit, without a word.
        if request.mimetype == FORM and not _is_utf8(request.get_data()):
            raise UnreadableError("The form holds bytes that are not text. Go back and send it again.")
        if getattr(current_app.view_functions.get(request.endpoint or ""), ANY_TEXT, False):
            return
        _check_fields(request.form.items(multi=True))


def _check_fields(fields: Iterable[tuple[str, str]]) -> None:
    for count, (name, value) in enumerate(fields, 1):
        if count > MOST_FIELDS:
            raise UnreadableError(f"A form has at most {MOST_FIELDS} fields. Send less at once.")
        if len(name) > LONGEST_NAME or not _is_clean(name):
            raise UnreadableError("A field of this form has a name that no form of Sixfold uses.")
        if len(value) > LONGEST_VALUE:
            raise UnreadableError(f"{_called(name)} is too long. Shorten it and send it again.")
        if REPLACEMENT in value or not _is_clean(value):
            raise UnreadableError(
                f"{_called(name)} holds a line break or another character that can't be seen. "
                "Go back, write it again by hand, and send it."
            )


def _called(name: str) -> str:
    words = name.replace("_", " ")
    return f"The field “{words}”" if SPEAKABLE.fullmatch(words) else "A field"


def _is_clean(text: str) -> bool:
    return text.isprintable() or not any(
        unicodedata.category(letter) in LINES or unicodedata.category(letter) == "Cc" for letter in text
    )


def _is_utf8(raw: bytes) -> bool:
    try:
        unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

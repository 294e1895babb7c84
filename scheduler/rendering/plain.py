"""Values that may stand in a header, a file or a calendar: one line, no control characters.

A CR or LF in a name would start a new mail header, and a NUL passes through the calendar library
untouched, so both are refused here a second time, however well the forms looked at them before."""

import unicodedata

from scheduler.rendering.errors import RenderError

LINE_BREAKS = "\u2028\u2029"


def is_one_line(value: str) -> bool:
    """Say whether the value has no line break, no NUL and no other control character."""
    return not any(unicodedata.category(char) == "Cc" or char in LINE_BREAKS for char in value)


def one_line(value: str, what: str) -> str:
    """Give the value back if it is one clean line; `what` names it in the refusal."""
    if not is_one_line(value):
        raise RenderError(f"{what} holds a line break or a control character. Write it again on one line.")
    return value

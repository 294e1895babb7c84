"""Words that no message, subject, calendar entry or file name may hold (CLINICAL.md section 6).

A reminder is read on a lock screen, by whoever is near the phone. It says that there is an
appointment, when and where, and never what for. The list is English; a language file under
`templates/mail/languages/` brings the words of its own language."""

import re
from collections.abc import Iterable

from scheduler.rendering.errors import RenderError
from scheduler.rendering.plain import one_line

BANNED = (
    "ketamine",
    "infusion*",
    "iv",
    "i.v.",
    "dose*",
    "dosage*",
    "drug*",
    "treatment*",
    "therapy",
    "therapies",
    "course*",
    "session*",
    "anxiety",
    "depression",
    "ptsd",
    "gad",
    "gad-7",
    "gad-2",
    "phq",
    "phq-9",
    "phq-2",
    "psychiat*",
    "mental",
    "mentally",
    "rating*",
    "score*",
    "escort*",
    "fasting",
)
"""A star stands for any ending. `iv` is banned as a word, so that "arrive" and "private" stay allowed."""


def find_banned(text: str, extra: Iterable[str] = ()) -> list[str]:
    """Give the banned words that occur in the text, as written there, in order and without repeats.

    `extra` holds the words of another language, in the same notation. Case does not count; a word
    ends at anything that is neither a letter nor a digit, the underscore and the hyphen included.
    """
    pattern = "|".join(_as_pattern(word) for word in sorted({*BANNED, *extra}, key=len, reverse=True))
    found = re.findall(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", text, flags=re.IGNORECASE)
    return list(dict.fromkeys(found))


def discreet_line(value: str, what: str, extra: Iterable[str] = ()) -> str:
    """Give the value back if it is one clean line without a banned word.

    A clinic whose name tells the treatment must set a discreet one, and the place may not tell it
    either: a slip in the settings stops the message here instead of being sent. Street addresses
    are not looked at: a clinic on Golf Course Road gives nothing away.
    """
    if banned := find_banned(one_line(value, what), extra):
        raise RenderError(
            f"{what} tells what the clinic treats ({banned[0]}). Set a discreet one, then send again."
        )
    return value


def _as_pattern(word: str) -> str:
    stem, star, _ = word.partition("*")
    return re.escape(stem) + (r"[^\W_]*" if star else "")

"""Each field of a patient: from what was typed to what is stored, or a sentence that says what to write."""

import re
import unicodedata
from datetime import date

from email_validator import EmailNotValidError, validate_email

from scheduler.clock import known_zones
from scheduler.features.patients.folding import fold
from scheduler.features.patients.refused import Refused
from scheduler.features.patients.search_terms import MONTHS, ORDINAL

LONGEST_NAME = 120
LONGEST_NOTE = 120
LANGUAGES = (("en", "English"), ("es", "Spanish"))
JOINERS = (
    "\u200c\u200d"  # Persian and Indic names need them; other unseen characters have no place in a name.
)
RECORD_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,19}")
EXAMPLES = {"dmy": "14.3.1986", "mdy": "3/14/1986", "ymd": "1986-03-14"}
LOCAL_TIME = re.compile(r"(\d{1,2})(?::?(\d{2}))?")


def read_name(text: str, what: str) -> str:
    """A name in any script, trimmed. `what` is "given name", "family name" or "guardian's name"."""
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not name:
        raise Refused(f"Write the {what}.")
    _check_text(name, what, LONGEST_NAME)
    if not any(unicodedata.category(letter).startswith("L") for letter in name):
        raise Refused(f"The {what} has no letter in it. Write it as the patient does.")
    return name


def read_guardian(text: str, is_needed: bool = False) -> str:
    """The name of a parent or guardian, or nothing where none is needed."""
    if not text.strip():
        if is_needed:
            raise Refused("Somebody under 18 needs a parent or guardian, who signs. Write their name.")
        return ""
    return read_name(text, "guardian's name")


def read_note(text: str) -> str:
    """A few words, or nothing."""
    note = " ".join(text.split())
    _check_text(note, "note", LONGEST_NOTE)
    return note


def read_birth_date(text: str, order: str, today: date) -> date:
    """A birth date, typed in any usual way; `order` is the site's, for those like 3/4/1986."""
    if not text.strip():
        raise Refused(f"Write the birth date, such as {EXAMPLES[order]}.")
    born = read_date(text, order)
    if born > today:
        raise Refused("This birth date is in the future. Check the year.")
    if born.year < 1900:
        raise Refused("This birth date is before 1900. Check the year.")
    return born


def read_date(text: str, order: str) -> date:
    """`14.3.1986`, `14/03/1986`, `3/14/1986`, `1986-03-14`, `14 Mar 1986`, `March 14, 1986`.

    A dot means day first; a slash means the site's `order` (dmy, mdy, ymd), or the other one where that
    can't be. Raises Refused.
    """
    unclear = Refused(f"Write day, month and the year in four digits, such as {EXAMPLES[order]}.")
    parts = re.findall(r"\d+|[^\W\d_]+", ORDINAL.sub(r"\1", fold(text[:40])))
    if len(parts) != 3:
        raise unclear
    months = [place for place, part in enumerate(parts) if not part.isdigit()]
    numbers = [_number(part) for part in parts]
    if len(months) > 1 or any(number == 0 for number in numbers):
        raise unclear
    years = [place for place, part in enumerate(parts) if part.isdigit() and len(part) == 4]
    if len(years) != 1 or years[0] == 1:
        raise unclear
    return _of_parts(text.strip(), numbers, years[0], months, order)


def _of_parts(typed: str, numbers: list[int], year: int, months: list[int], order: str) -> date:
    """The date of three numbers: the year stands at `year`, a month written as a word at `months`."""
    first, second = (place for place in range(3) if place != year)
    if months:
        month, day = months[0], second if months[0] == first else first
    elif year == 0 or (order == "mdy" and "." not in typed):
        month, day = first, second
    else:
        month, day = second, first
    if not months and year == 2 and numbers[month] > 12 >= numbers[day]:
        month, day = day, month
    try:
        return date(numbers[year], numbers[month], numbers[day])
    except (ValueError, OverflowError):
        raise Refused(f"The calendar has no “{typed[:40]}”. Check the day and the month.") from None


def _number(part: str) -> int:
    """Digits as they are, a month by its name; 0 is neither."""
    if part.isdigit():
        return int(part)
    if len(part) < 3:
        return 0
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(part)), 0)


def read_email(text: str) -> str | None:
    """One address, normalised (a domain beyond ASCII in its sendable form), or None for nothing."""
    typed = text.strip()
    if not typed:
        return None
    if any(mark in typed for mark in ",; ") and typed.count("@") != 0:
        raise Refused("Write one address only, such as ana@example.org.")
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("Write the whole address, such as ana@example.org.") from error
    return found.ascii_email or found.normalized


def read_record_number(text: str) -> str | None:
    """A number that the clinic gave itself, in capitals, or None: the next free one then."""
    typed = text.strip().upper()
    if not typed:
        return None
    if not RECORD_NUMBER.fullmatch(typed) or not any(letter.isdigit() for letter in typed):
        raise Refused("A record number has letters, digits and hyphens, 20 at most, and at least one digit.")
    return typed


def read_time_zone(text: str) -> str | None:
    """An IANA zone, or None for the site's."""
    if not text:
        return None
    if text not in known_zones():
        raise Refused("Choose a time zone from the list.")
    return text


def read_minutes(text: str, *, is_end: bool = False) -> int:
    """`9`, `9:30`, `0930` to minutes of the day; as an end, midnight is 24:00. Raises Refused."""
    match = LOCAL_TIME.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2] or 0) if match else -1
    if match is None or int(match[2] or 0) > 59 or not 0 <= minutes <= 1440 - (not is_end):
        raise Refused("Write times from 00:00 to 24:00, such as 09:30.")
    return 1440 if is_end and minutes == 0 else minutes


def _check_text(text: str, what: str, longest: int) -> None:
    if len(text) > longest:
        raise Refused(f"The {what} is too long. {longest} characters fit.")
    if any(unicodedata.category(letter).startswith("C") and letter not in JOINERS for letter in text):
        raise Refused(f"The {what} holds a character that can't be seen. Write it again by hand.")

"""What somebody typed, as groups of beginnings of keys: one of each group must fit, in every group."""

import re
from dataclasses import dataclass
from datetime import date

from scheduler.features.patients.folding import NOT_A_LETTER, fold
from scheduler.features.patients.search_keys import record_key

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MOST_GROUPS = 6
LEAST_DIGITS = 3
DATE_WITH_MONTH = re.compile(r"\b(\d{1,4})[./-]([a-z]{3,9})(?:[./-](\d{1,4}))?(?=[./-]*(?:\s|$))")
NUMERIC = re.compile(r"[\d+()./\-–#]*\d[\d+()./\-–#]*\.?")
ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)\b")


@dataclass(frozen=True)
class Terms:
    """`groups`: beginnings of keys; `record`: the key of a record number typed in full, for ranking."""

    groups: tuple[tuple[str, ...], ...]
    record: str

    @property
    def families(self) -> tuple[str, ...]:
        """The beginnings that speak of a family name: who fits one comes before who does not."""
        return tuple(key for group in self.groups for key in group if key.startswith("f:"))


def terms(text: str) -> Terms:
    """Read what was typed into the search field: words of a name, a date, a phone or record number."""
    plain = ORDINAL.sub(r"\1", fold(text[:100]).replace(",", " "))
    plain = DATE_WITH_MONTH.sub(lambda match: " ".join(part for part in match.groups() if part), plain)
    groups: list[tuple[str, ...]] = []
    numbers: list[str] = []
    words = plain.split()
    for place, word in enumerate(words):
        if NUMERIC.fullmatch(word) or _is_month(words, place):
            numbers.append(word)
            continue
        groups += _number_group(numbers)
        numbers = []
        groups += _word_groups(word)
    groups += _number_group(numbers)
    return Terms(tuple(groups[:MOST_GROUPS]), f"r:{record_key(text[:100])}")


def _is_month(words: list[str], place: int) -> bool:
    """Whether the word names a month and stands beside a number: "mar" alone is a name."""
    beside = words[max(0, place - 1) : place] + words[place + 1 : place + 2]
    return _month(words[place]) is not None and any(NUMERIC.fullmatch(word) for word in beside)


def _month(word: str) -> int | None:
    letters = word.rstrip(".")
    if len(letters) < 3:
        return None
    return next((n for n, name in enumerate(MONTHS, 1) if name.startswith(letters)), None)


def _word_groups(word: str) -> list[tuple[str, ...]]:
    """A name's word, its hyphens aside; a word with a digit may be a record number."""
    if any(letter.isdigit() for letter in word):
        key = record_key(word)
        return [(f"r:{key}", f"f:{key}", f"g:{key}")] if key else []
    return [(f"f:{part}", f"g:{part}") for part in NOT_A_LETTER.split(word) if part]


def _number_group(words: list[str]) -> list[tuple[str, ...]]:
    """Words of digits that stand together are one date, or one phone number, or one record number."""
    if not words:
        return []
    found = _dates(words)
    if not any(_month(word) for word in words):
        found += _digits(" ".join(words))
    return [tuple(dict.fromkeys(found))] if found else []


def _digits(text: str) -> list[str]:
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if len(digits) < LEAST_DIGITS:
        return []
    found = [f"r:{digits}", f"p:{digits}", f"t:{digits[::-1]}"]
    without_zeros = digits.lstrip("0")  # A country's own 0 or the world's 00 stands in no stored number.
    if LEAST_DIGITS <= len(without_zeros) < len(digits):
        found.append(f"p:{without_zeros}")
    if text.strip().isdigit():
        found.append(f"y:{digits}")
        found += _dates([digits[:2], digits[2:4], digits[4:]]) if len(digits) == 8 else []
    return found


def _dates(words: list[str]) -> list[str]:
    """Beginnings of birth-date keys. `3/4/1986` may be two days, and both are looked for."""
    months = [_month(word) for word in words]
    parts = [part for word in words for part in re.split(r"[./\-–]", word) if part and not _month(part)]
    if not all(part.isdigit() and len(part) <= 4 for part in parts):
        return []
    numbers = [int(part) for part in parts]
    month = next((number for number in months if number), None)
    if month is not None:
        return _with_month(month, parts, numbers)
    if len(parts) in (2, 3) and len(parts[0]) == 4:
        return _year_first(parts, numbers)
    if len(parts) not in (2, 3):
        return []
    year = parts[2] if len(parts) == 3 else ""
    return [
        key for day, in_month in (numbers[:2], numbers[1::-1]) for key in _day_of_month(in_month, day, year)
    ]


def _with_month(month: int, parts: list[str], numbers: list[int]) -> list[str]:
    """`14 mar`, `mar 14 1986`, `1986 mar 14`, and `mar 1986`."""
    if len(parts) == 1 and len(parts[0]) == 4:
        return [f"y:{parts[0]}{month:02d}"]
    if len(parts) == 2 and len(parts[0]) == 4:
        return _day_of_month(month, numbers[1], parts[0])
    if len(parts) not in (1, 2):
        return []
    return _day_of_month(month, numbers[0], parts[1] if len(parts) > 1 else "")


def _year_first(parts: list[str], numbers: list[int]) -> list[str]:
    if len(parts) == 2:
        return [f"y:{parts[0]}{parts[1]}", f"y:{parts[0]}{numbers[1]:02d}"]
    return [f"y:{parts[0]}{numbers[1]:02d}{parts[2]}", f"y:{parts[0]}{numbers[1]:02d}{numbers[2]:02d}"]


def _day_of_month(month: int, day: int, year: str) -> list[str]:
    try:
        date(2000, month, day)  # A leap year: 29 February is a birthday.
    except ValueError:
        return []
    return [f"b:{month:02d}{day:02d}{year}"]

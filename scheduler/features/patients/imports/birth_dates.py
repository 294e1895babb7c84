"""Birth dates of one file, all written in one order, and how that order is found.

A form takes 3/14/1986 for 14 March wherever it is typed, because nobody means anything else. A file is
different: where one row says 14/3 and the next 3/4, both were written in the same order, and to swap one of
them silently would give a patient another birthday. So a date that does not fit the order is an error of its
row.
"""

import re
from collections.abc import Iterable
from datetime import date

from scheduler.features.patients.fields import read_birth_date
from scheduler.features.patients.folding import fold
from scheduler.features.patients.refused import Refused

ORDERS = {"dmy": "Day, month, year", "mdy": "Month, day, year", "ymd": "Year, month, day"}
SPANISH = {
    "ene": "jan", "abr": "apr", "ago": "aug", "dic": "dec", "enero": "january", "febrero": "february",
    "marzo": "march", "abril": "april", "mayo": "may", "junio": "june", "julio": "july", "agosto": "august",
    "septiembre": "september", "setiembre": "september", "octubre": "october", "noviembre": "november",
    "diciembre": "december",
}  # fmt: skip
CLOCK = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|z)?$", re.IGNORECASE)
THREE = re.compile(r"(\d{1,4})\s*[./\-]\s*(\d{1,2})\s*[./\-]\s*(\d{1,4})")
WORD = re.compile(r"[^\W\d_]+")
YEAR = "Write the year in four digits: {text} may be two different years."


def read_in_order(text: str, order: str, today: date) -> date:
    """The birth date that `text` gives in a file of this order. Raises Refused."""
    plain = CLOCK.sub("", text.strip())
    if plain.isascii() and plain.isdigit() and len(plain) == 8 and order == "ymd":
        plain = f"{plain[:4]}-{plain[4:6]}-{plain[6:]}"
    three = THREE.fullmatch(plain)
    if three is None:
        return read_birth_date(WORD.sub(_english, plain.replace(" de ", " ")), order, today)
    if not any(len(part) == 4 for part in three.groups()):
        raise Refused(YEAR.format(text=plain[:40]))
    born = read_birth_date("/".join(three.groups()), order, today)
    if _numbers(born, order if len(three[1]) < 4 else "ymd") != tuple(map(int, three.groups())):
        raise Refused(f"“{plain[:40]}” does not fit the order of this file ({ORDERS[order].lower()}).")
    return born


def order_of(texts: Iterable[str], usual: str) -> str:
    """The order that most of the dates show; `usual`, the site's, where none tells."""
    votes = dict.fromkeys(ORDERS, 0)
    for text in texts:
        three = THREE.fullmatch(CLOCK.sub("", text.strip()))
        if three is None:
            votes["ymd"] += len(text.strip()) == 8 and text.strip().isdigit()
        elif len(three[1]) == 4:
            votes["ymd"] += 1
        else:
            votes["dmy"] += int(three[1]) > 12
            votes["mdy"] += int(three[2]) > 12
    best = max(votes, key=lambda order: (votes[order], order == usual))
    return best if votes[best] else usual


def telling(texts: Iterable[str]) -> str:
    """A date that is another day in another order, to show what the choice means; else the first."""
    first = ""
    for text in texts:
        first = first or text.strip()
        three = THREE.fullmatch(CLOCK.sub("", text.strip()))
        if (
            three
            and len(three[3]) == 4
            and three[1] != three[2]
            and int(three[1]) <= 12
            and int(three[2]) <= 12
        ):
            return text.strip()
    return first


def _numbers(born: date, order: str) -> tuple[int, ...]:
    numbers = {"d": born.day, "m": born.month, "y": born.year}
    return tuple(numbers[letter] for letter in order)


def _english(word: re.Match[str]) -> str:
    return SPANISH.get(fold(word[0]), word[0])

"""What a reply by text says. Only whole words count: a sentence is for a person to read.

CANCEL opts out on carrier networks, so it does here, and it never cancels a visit. YES could answer anything
that somebody read on their phone, so it confirms nothing (CLINICAL.md, section 6).
"""

import re
import unicodedata
from enum import StrEnum


class Word(StrEnum):
    """What was understood."""

    CONFIRM = "confirm"
    CHANGE = "change"
    STOP = "stop"
    CANCEL = "cancel"
    START = "start"
    HELP = "help"
    UNCLEAR = "unclear"


WORDS = {
    **dict.fromkeys(("C", "CONFIRM"), Word.CONFIRM),
    "R": Word.CHANGE,
    **dict.fromkeys(
        ("STOP", "STOPALL", "QUIT", "END", "REVOKE", "OPTOUT", "OPT OUT", "UNSUBSCRIBE"), Word.STOP
    ),
    "CANCEL": Word.CANCEL,
    "START": Word.START,
    "HELP": Word.HELP,
}
BETWEEN = re.compile(r"[\s\-_]+")
AROUND = re.compile(r"^[^A-Z0-9]+|[^A-Z0-9]+$")


def understand(body: str) -> Word:
    """The word that a reply is; capitals, blanks and marks around it don't count."""
    folded = BETWEEN.sub(" ", unicodedata.normalize("NFKC", body).upper())
    return WORDS.get(AROUND.sub("", folded), Word.UNCLEAR)

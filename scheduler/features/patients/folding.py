"""Words without what people leave out when they type: case, accents, apostrophes, hyphens."""

import re
import unicodedata

APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʹ`´′"), None)
APART = dict.fromkeys(APOSTROPHES, " ")
# Letters that no decomposition takes apart.
PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
# How a name is written where the keyboard has no such letter: Müller as Mueller, Sørensen as Soerensen.
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})
NOT_A_LETTER = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Lower case, without accents and apostrophes; ß is ss, any script's digits are 0 to 9. Hyphens stay."""
    lowered = text.translate(APOSTROPHES).casefold().translate(PLAIN)
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(_digit(letter) for letter in decomposed if not unicodedata.combining(letter))


def _digit(letter: str) -> str:
    return str(unicodedata.decimal(letter, letter)) if not letter.isascii() else letter


def spelled_out(text: str) -> str:
    """The same with ä as ae and its like."""
    return fold(unicodedata.normalize("NFC", text).casefold().translate(SPELLED_OUT))


def name_words(text: str) -> frozenset[str]:
    """Every folded word a name may be looked for by: `García-López` gives garcia, lopez and garcialopez.

    `O'Brien` is obrien, and brien after o.
    """
    found: set[str] = set()
    for spelling in (fold, spelled_out):
        for word in [*text.split(), text]:
            found.add(NOT_A_LETTER.sub("", spelling(word)))
            found.update(NOT_A_LETTER.split(spelling(word)))
            found.update(NOT_A_LETTER.split(spelling(word.translate(APART))))
    return frozenset(found - {""})

"""How long a text message is, and which characters it may have.

A text of at most 160 characters goes out as one, but only in the GSM-7 alphabet (3GPP TS 23.038): a single
character outside it, a curly quotation mark or the á of "sábado", turns the whole text into UCS-2, where 70
characters fill it, and the clinic pays for two or three. So what we send is put into the alphabet first:
letters lose an accent that it lacks, typographic marks become plain ones. What has no plain form is refused,
and the sentence names it. Nine characters of the alphabet, the euro sign among them, count as two.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.rendering.errors import RenderError

SINGLE, PART = 160, 153
"""Septets in a text that stands alone, and in each part of a longer one, whose header takes seven."""
WIDE_SINGLE, WIDE_PART = 70, 67
"""The same in UCS-2, in units of 16 bits."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
PLAIN = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−·•", "-"),
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "œ": "oe", "Œ": "OE",
}  # fmt: skip
OPTED_OUT = frozenset({"21610"})
"""A gateway's errors that say: the holder told the network to let none of our texts through."""


@dataclass(frozen=True)
class Fit:
    """How a text fits: `characters` as the network counts them, in how many `segments` it goes, and which
    characters (`unusual`, each once) are outside GSM-7 and make it UCS-2."""

    characters: int
    segments: int
    unusual: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Whether it is one text in the alphabet of 160."""
        return self.segments <= 1 and not self.unusual


def fits(text: str) -> Fit:
    """Count a text exactly as it is written."""
    unusual = tuple(dict.fromkeys(char for char in text if char not in BASIC and char not in EXTENSION))
    if unusual:
        units = [len(char.encode("utf-16-le")) // 2 for char in text]
        return Fit(sum(units), _segments(units, WIDE_SINGLE, WIDE_PART), unusual)
    septets = [2 if char in EXTENSION else 1 for char in text]
    return Fit(sum(septets), _segments(septets, SINGLE, PART), ())


def plain(text: str) -> str:
    """Put a text into GSM-7 as far as it has a plain form there; what has none stays."""
    return "".join(_plain(char) for char in unicodedata.normalize("NFC", text))


def in_alphabet(text: str) -> str:
    """The text in GSM-7; raises RenderError that names what can't be written so."""
    found = plain(text)
    if unusual := fits(found).unusual:
        raise RenderError(
            f"Text messages can't hold “{unusual[0]}”. Write the clinic's name and address without it, "
            "then send again."
        )
    return found


def first_that_fits(texts: Iterable[str]) -> str:
    """The first of several wordings, the fullest first, that is one text of at most 160 characters.

    Raises RenderError where even the last one is longer.
    """
    for text in texts:
        found = in_alphabet(text)
        if fits(found).is_one:
            return found
    raise RenderError("This text is longer than 160 characters. Shorten the clinic's name in messages.")


def _segments(sizes: list[int], single: int, part: int) -> int:
    """Into how many parts it goes; no character is cut in two."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count


def _plain(char: str) -> str:
    if char in BASIC or char in EXTENSION:
        return char
    if (known := PLAIN.get(char)) is not None:
        return known
    if unicodedata.category(char) == "Cf":  # Joiners and marks of direction, which nobody sees.
        return ""
    if unicodedata.category(char) == "Zs":
        return " "
    bare = "".join(each for each in unicodedata.normalize("NFKD", char) if not unicodedata.combining(each))
    return bare if all(each in BASIC for each in bare) else char

"""Which letters the bytes of a file stand for.

A spreadsheet saves names in whatever its machine likes, and nothing in the file says which. Three marks at
its beginning do; UTF-8 gives itself away, because hardly any other text is valid UTF-8 by chance; UTF-16 has
a zero in every other byte. What is left is Windows-1252 here, unless it holds bytes which that does not have.
A person sees the first rows and can choose another one.
"""

import codecs
from dataclasses import dataclass

from scheduler.errors import RuleError

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Windows-1252 (Western Europe)",
    "mac-roman": "Mac OS Roman",
    "cp850": "DOS, code page 850",
}
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
LOST = "\ufffd"
"""What stands where bytes made no letter; a row that holds it is not brought in."""

FEW = 0.1
"""Of all letters beyond ASCII, so many may be broken before the file is no UTF-8."""

NOT_A_TABLE = {b"PK\x03\x04": "a spreadsheet", b"\xd0\xcf\x11\xe0": "a spreadsheet", b"%PDF": "a PDF"}
SAVE_AS = "Open it there, save it as “CSV UTF-8”, and choose that file."
NOT_IN_1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)


@dataclass(frozen=True)
class Decoded:
    """The text of a file, its encoding, and whether the file ends within a letter."""

    text: str
    encoding: str
    is_cut_off: bool = False


def decode(raw: bytes, encoding: str = "") -> Decoded:
    """Read `raw` in `encoding`, or in the one it seems to have. Raises RuleError where it is no text."""
    for beginning, what in NOT_A_TABLE.items():
        if raw.startswith(beginning):
            raise RuleError(f"This is {what}, not a CSV file. {SAVE_AS}")
    found = encoding or _guess(raw)
    if not found:
        raise RuleError(f"The letters of this file can't be read: its encoding is not known here. {SAVE_AS}")
    body = next(
        (raw[len(mark) :] for mark, name in MARKS.items() if raw.startswith(mark) and name == found), raw
    )
    text = body.decode(found, errors="replace")
    if "\0" in text[:10_000]:
        raise RuleError(f"This is not a text file, or not in {ENCODINGS[found]}. {SAVE_AS}")
    return Decoded(text, found, _ends_within_a_letter(body, found))


def _guess(raw: bytes) -> str:
    for mark, name in MARKS.items():
        if raw.startswith(mark):
            return name
    start = raw[:4_000]
    if start.count(0) > len(start) // 4:
        return "utf-16-be" if start[::2].count(0) > start[1::2].count(0) else "utf-16-le"
    if _is_utf8(raw):
        return "utf-8"
    return "" if any(raw.count(byte) for byte in NOT_IN_1252) else "cp1252"


def _is_utf8(raw: bytes) -> bool:
    """Whether it is UTF-8 but for a few broken places: one bad row must not turn all others into noise."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        text = raw.decode("utf-8", errors="replace")
        broken = text.count(LOST)
        whole = sum(1 for letter in text if letter > "\x7f") - broken
        return broken <= whole * FEW
    return True


def _ends_within_a_letter(body: bytes, encoding: str) -> bool:
    if encoding.startswith("utf-16"):
        return len(body) % 2 == 1
    if encoding != "utf-8":
        return False
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    decoder.decode(body[-8:])
    return bool(decoder.getstate()[0])

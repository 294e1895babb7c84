"""Numbers as people write them at the chair, kept exactly.

What is stored is a whole number of the smallest unit that matters (grams, micrograms), because a dose must
not depend on how a machine rounds: 0.1 + 0.2 is 0.3 here.
"""

import re
from fractions import Fraction

NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?")


def read_number(text: str) -> Fraction | None:
    """The number that `text` says, with a point or a comma before the decimals; None for anything else.

    Nothing at the chair reaches a thousand with a comma in it, so a comma always stands before decimals.
    """
    trimmed = text.strip()
    if not NUMBER.fullmatch(trimmed):
        return None
    return Fraction(trimmed.replace(",", "."))


def nearest(value: Fraction) -> int:
    """The nearest whole number, halves away from zero, as people round."""
    return int(value + Fraction(1, 2)) if value >= 0 else -int(-value + Fraction(1, 2))


def shown(value: Fraction, decimals: int, least: int = 0) -> str:
    """`value` with at most `decimals` decimals, without trailing zeros beyond `least` of them."""
    scaled = nearest(value * 10**decimals)
    whole, rest = divmod(abs(scaled), 10**decimals)
    digits = f"{rest:0{decimals}d}".rstrip("0").ljust(least, "0") if decimals else ""
    return f"{'-' if scaled < 0 else ''}{whole}{'.' + digits if digits else ''}"

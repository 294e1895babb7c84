"""The PIN: quick to type on a tablet, with few enough tries that four digits are enough.

It opens the lock of a log-in that was begun with a password, on that browser and for its five tries, and
nothing else. A password has at least twelve characters, so one field takes either.
"""

SHORTEST_PIN = 4
LONGEST_PIN = 8
DIGITS = "0123456789"
ROWS = (DIGITS * 2, DIGITS[::-1] * 2)


def is_pin(text: str) -> bool:
    """Whether this can be a PIN, and so is looked at as one."""
    return SHORTEST_PIN <= len(text) <= LONGEST_PIN and text.isascii() and text.isdigit()


def pin_problem(pin: str) -> str | None:
    """Why a PIN can't be taken, as a sentence that says what to do; None where it is good."""
    if not is_pin(pin):
        return f"Write {SHORTEST_PIN} to {LONGEST_PIN} digits."
    half = len(pin) // 2
    if len(set(pin)) < 3 or any(pin in row for row in ROWS) or pin[:half] == pin[half:]:
        return "That PIN is among the first that somebody would try. Leave out rows and repeats."
    return None

"""Recovery codes: ten on paper, each opens one log-in when the phone is lost.

80 random bits each, so a fast hash is enough (tokens.py says why): nobody tries them out, not even with the
database in hand.
"""

import base64
import secrets

from scheduler.tokens import token_hash

MANY = 10
FEW = 3
"""So few left are worth a word."""
CODE_BYTES = 10


def new_codes() -> list[str]:
    """Ten fresh codes as they are read: four groups of four."""
    raw = (base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode("ascii").lower() for _ in range(MANY))
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in raw]


def code_hash(user_id: int, text: str) -> str:
    """What is stored of a person's code, however it was typed: capitals, gaps and dashes do not count."""
    return token_hash(f"{user_id}:{''.join(letter for letter in text.lower() if letter.isalnum())}")

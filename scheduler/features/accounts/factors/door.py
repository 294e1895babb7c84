"""The question at the door: any passkey of ours, from whoever has one, without a password.

The question has to be new each time, or an answer could be sent twice. It is not stored: it says when it was
asked and carries our own signature of that. A passkey answers none that was asked before it was used last.
"""

import hmac
from datetime import UTC, datetime, timedelta

from scheduler.config import Config
from scheduler.features.accounts.factors.passkeys import asked_to_prove, home_of
from scheduler.features.accounts.factors.sealing import derived

HOLDS = timedelta(minutes=15)
TIME_BYTES = 8


def door_question(at: datetime, config: Config) -> str:
    """What a browser is asked at the door, as JSON; empty where the clinic's address has no passkeys."""
    home = home_of(config.base_url)
    return asked_to_prove(home, _challenge(_micros(at), config), ()) if home else ""


def asked_at(challenge: bytes | None, at: datetime, config: Config) -> datetime | None:
    """When we asked this; None where we did not, or too long ago."""
    if challenge is None or len(challenge) <= TIME_BYTES:
        return None
    micros = int.from_bytes(challenge[:TIME_BYTES], "big")
    if not hmac.compare_digest(challenge, _challenge(micros, config)):
        return None
    asked = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micros)
    return asked if timedelta(0) <= at - asked < HOLDS else None


def _micros(at: datetime) -> int:
    return int((at - datetime.fromtimestamp(0, UTC)) / timedelta(microseconds=1))


def _challenge(micros: int, config: Config) -> bytes:
    return micros.to_bytes(TIME_BYTES, "big") + derived("door", "", micros, config.secret_key)

"""How often one may guess: by account, so that one person's password is safe, and by address, so that
nobody tries one common password on everybody. Unknown accounts are counted like known ones.
"""

import hashlib
import ipaddress
import unicodedata
from datetime import datetime, timedelta

from scheduler.errors import SixfoldError

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 60  # A whole clinic may sit behind one address.


class TooManyTriesError(SixfoldError):
    """Wait before the next guess. `extra["seconds"]` says how long."""

    status = 429
    title = "Too many tries"


def normal_email(text: str) -> str:
    """The one spelling under which an address is stored, found and counted."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def account_key(email: str) -> str:
    """What an account is counted under. A hash, because people type passwords into the wrong field."""
    return hashlib.sha256(normal_email(email).encode("utf-8", "replace")).hexdigest()


def address_key(address: str) -> str:
    """What an address is counted under: itself, or the /64 network of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


def too_many(oldest_counted: datetime, now: datetime) -> TooManyTriesError:
    """The refusal while `oldest_counted` still lies within the window."""
    seconds = max(1, int((oldest_counted + WINDOW - now).total_seconds()))
    minutes = -(-seconds // 60)
    return TooManyTriesError(
        f"There were too many tries to sign in. Wait {minutes} {'minute' if minutes == 1 else 'minutes'}, "
        "then try again.",
        seconds=seconds,
    )

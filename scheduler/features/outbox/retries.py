"""When a message that was not taken is tried again."""

import random
from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
FIRST_LOOK = timedelta(minutes=1)
"""After this the gateway is asked about a text that may have gone out."""
LONGEST = timedelta(hours=4)
MAX_ATTEMPTS = 16
"""With the waits below, the last try comes about a day and a half after the first."""


def next_try(
    at: datetime, attempts: int, retry_after_s: int | None, chance: random.Random
) -> datetime | None:
    """Say when to try again after `attempts` tries, or None when it is given up.

    The wait doubles each time, up to `LONGEST`, and is shortened or lengthened by up to a quarter, so
    that messages that failed together do not come back together. What the server asks for is a
    lower bound.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    wait = min(FIRST * 2 ** (attempts - 1), LONGEST) * chance.uniform(0.75, 1.25)
    asked = timedelta(seconds=min(retry_after_s or 0, 24 * 3600))
    return at + max(wait, asked)

"""How many requests a quarter of an hour may bring, from one address and for one site.

What a browser worked for (`guard`) has room enough for a clinic that was on television; what came without
has less, of its own, so that a flood of the one never shuts out the other. Nothing that is refused is
counted or kept: ten thousand tries leave as many rows as were let in.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.accounts.link_throttle import count_try, tries_at
from scheduler.features.accounts.throttle import account_key, address_key

WORKED_OF_ADDRESS, WORKED_OF_SITE = 10, 160
PLAIN_OF_ADDRESS, PLAIN_OF_SITE = 3, 20
ACCOUNT = account_key("a request for a consultation")


def load_of(session: Session, at: datetime, site_id: int) -> int:
    """How many requests with work came in for a site lately; it sets the price of the next."""
    return tries_at(session, at, f"ask:worked:{site_id}")


def count_request(session: Session, at: datetime, site_id: int, address: str, *, worked: bool) -> None:
    """Count a request that is about to be taken. Raises TooManyTriesError where too many were."""
    kind = "worked" if worked else "plain"
    of_address, of_site = (WORKED_OF_ADDRESS, WORKED_OF_SITE) if worked else (PLAIN_OF_ADDRESS, PLAIN_OF_SITE)
    count_try(session, at, ACCOUNT, f"ask:{kind}:{address_key(address)}", of_address)
    count_try(session, at, ACCOUNT, f"ask:{kind}:{site_id}", of_site)

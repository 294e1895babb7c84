"""How often one may try a patient's links, and send answers with one.

They stand beside the tries to sign in, under keys of their own: an old link locks nobody out.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.accounts.throttle import WINDOW, TooManyTriesError, account_key, address_key
from scheduler.models import LoginAttempt

DEAD_LINKS = 60  # By address: a whole family, or a clinic's guest network, sits behind one.
ANSWERS = 60  # By link: a list can be ticked to and fro, a script can't go on for long.


def count_dead_link(session: Session, at: datetime, address: str) -> None:
    """Count that an address tried a dead link. Raises TooManyTriesError after 60 in 15 minutes."""
    count_try(
        session, at, account_key("a link that opens nothing"), f"link:{address_key(address)}", DEAD_LINKS
    )


def count_answer(session: Session, at: datetime, link_id: int | str) -> None:
    """Count an answer that was sent with a link. Raises TooManyTriesError after 60 in 15 minutes."""
    count_try(session, at, account_key(f"link {link_id}"), f"link:{link_id}", ANSWERS)


def count_birth_date(session: Session, at: datetime, address: str) -> None:
    """Count a birth date that an address tried. Raises TooManyTriesError after 60 in 15 minutes."""
    count_try(session, at, account_key("a birth date"), f"born:{address_key(address)}", DEAD_LINKS)


def tries_at(session: Session, at: datetime, place: str) -> int:
    """How many tries were counted under `place` within the last quarter of an hour."""
    count = session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(LoginAttempt.address == place, LoginAttempt.at > at - WINDOW)
    )
    return count or 0


def count_try(session: Session, at: datetime, account: str, place: str, most: int) -> None:
    """Count one more under `place`. Raises TooManyTriesError after `most` in 15 minutes, counting no more."""
    if tries_at(session, at, place) >= most:
        raise TooManyTriesError("There were too many tries. Wait a quarter of an hour, then try again.")
    session.add(LoginAttempt(account=account, address=place, at=at, succeeded=False))
    session.flush()

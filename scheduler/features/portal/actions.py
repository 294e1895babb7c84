"""What opening a link leaves behind, and how often one may try."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.accounts.throttle import WINDOW, TooManyTriesError, account_key, address_key
from scheduler.features.audit.actions import record_read
from scheduler.models import LoginAttempt, PatientLink

TOUCH_EVERY = timedelta(minutes=1)
DEAD_LINKS = 60  # By address: a whole family, or a clinic's guest network, sits behind one.
ANSWERS = 60  # By link: a list can be ticked to and fro, a script can't go on for long.


def note_look(
    session: Session, actor: Actor, at: datetime, link_id: int, entity: str, entity_id: int, patient_id: int
) -> None:
    """Note that a link was opened, and what was seen: the "infusion" or the "course" with this id."""
    session.execute(update(PatientLink).where(PatientLink.id == link_id).values(last_used_at=at))
    record_read(session, actor, at, entity, entity_id, patient_id)


def count_dead_link(session: Session, at: datetime, address: str) -> None:
    """Count that an address tried a link that opens nothing. Raises TooManyTriesError after 60 in 15 minutes.

    They stand beside the tries to sign in, under keys of their own: an old link locks nobody out.
    """
    _count(session, at, account_key("a link that opens nothing"), f"link:{address_key(address)}", DEAD_LINKS)


def count_answer(session: Session, at: datetime, link_id: int) -> None:
    """Count an answer that was sent with a link. Raises TooManyTriesError after 60 in 15 minutes."""
    _count(session, at, account_key(f"link {link_id}"), f"link:{link_id}", ANSWERS)


def _count(session: Session, at: datetime, account: str, place: str, most: int) -> None:
    count = session.scalar(
        select(func.count())
        .select_from(LoginAttempt)
        .where(LoginAttempt.address == place, LoginAttempt.at > at - WINDOW)
    )
    if (count or 0) >= most:
        raise TooManyTriesError("There were too many tries. Wait a quarter of an hour, then try again.")
    session.add(LoginAttempt(account=account, address=place, at=at, succeeded=False))
    session.flush()

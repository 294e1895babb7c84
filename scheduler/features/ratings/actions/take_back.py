"""Taking a tablet back with the PIN of whoever handed it to the patient.

The PIN stands for the password here because that person signed in on this very tablet a visit ago. It opens a
new log-in of theirs. After a few wrong tries it opens nothing any more, nor after something that ended their
log-ins (a new password, an account that was closed): then a password does, on the sign-in page.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.features.accounts.actions.attempts import attempt_failed
from scheduler.features.accounts.actions.sessions import open_session
from scheduler.features.accounts.locking.watch import MOST_WRONG
from scheduler.features.accounts.passwords import Checked
from scheduler.features.audit.actions import record
from scheduler.models import Kiosk, User


@dataclass(frozen=True)
class Keeper:
    """Who handed the tablet over, and what their PIN is compared with."""

    user_id: int
    name: str
    pin_hash: str


def keeper_of(session: Session, kiosk_id: int) -> Keeper | None:
    """Whose PIN takes the tablet back; None where nobody's does, or the tries are used up."""
    found = session.execute(
        select(User.id, User.name, User.pin_hash)
        .join(Kiosk, Kiosk.started_by_id == User.id)
        .where(
            Kiosk.id == kiosk_id,
            Kiosk.wrong_pins < MOST_WRONG,
            Kiosk.pin_ended_at.is_(None),
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    return Keeper(found.id, found.name, found.pin_hash) if found and found.pin_hash else None


def pin_is_over(session: Session, kiosk_id: int) -> bool:
    """Whether the PIN of whoever handed it over was good until their log-ins were ended."""
    return session.scalar(select(Kiosk.pin_ended_at).where(Kiosk.id == kiosk_id)) is not None


def count_try(session: Session, kiosk_id: int) -> Keeper | None:
    """Count a try before it is looked at, so that racing tries count each other."""
    row = session.get_one(Kiosk, kiosk_id, with_for_update=True)
    keeper = keeper_of(session, kiosk_id)
    if keeper:
        row.wrong_pins += 1
    return keeper


def take_back(
    session: Session, actor: Actor, at: datetime, kiosk_id: int, checked: Checked, agent: str, config: Config
) -> str | None:
    """End the tablet where a counted try fitted, and give the secret of a new log-in; None where it did not.

    `actor` is the keeper. A PIN that was changed, or ended, while it was looked at no longer fits.
    """
    row = session.get_one(Kiosk, kiosk_id, with_for_update=True)
    user = session.get_one(User, row.started_by_id)
    over = row.ended_at is not None or row.pin_ended_at is not None
    if over or not checked.fits or checked.stored != user.pin_hash:
        attempt_failed(session, actor, at, user.id)
        return None
    row.ended_at = at
    record(session, actor, at, "kiosk.ended", "kiosk", kiosk_id)
    return open_session(session, at, user, actor.address, agent, config, by_password=False)

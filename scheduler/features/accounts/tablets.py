"""A tablet of the clinic in a patient's hands, whatever it shows: handed over, and known by its secret.

The log-in of whoever hands it over ends on that browser: what the patient holds is no log-in with a curtain
before it, but a browser that is known as a tablet for one visit or one patient, and as nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.models import Kiosk
from scheduler.tokens import new_token, token_hash

PLACE = "kiosk"
"""Where a browser keeps the secret: in its signed cookie, under this name."""
LASTS = timedelta(hours=4)
"""As long as the longest visit: a tablet that was forgotten ends by itself."""


@dataclass(frozen=True)
class OutTablet:
    """A tablet that is out. It asks the questions of a visit, or shows a patient what is to be signed."""

    kiosk_id: int
    infusion_id: int | None
    patient_id: int | None


def hand_over(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    infusion_id: int | None = None,
    patient_id: int | None = None,
    about: int | None = None,
) -> str:
    """Begin a tablet for a visit or for a patient and give its secret; an earlier one for the same ends.

    `about` is the patient of the visit, for the audit trail.
    """
    same = Kiosk.infusion_id == infusion_id if infusion_id is not None else Kiosk.patient_id == patient_id
    session.execute(update(Kiosk).where(same, Kiosk.ended_at.is_(None)).values(ended_at=at))
    raw = new_token()
    kiosk = Kiosk(
        token_hash=token_hash(raw),
        infusion_id=infusion_id,
        patient_id=patient_id,
        started_at=at,
        started_by_id=actor.user_id,
        expires_at=at + LASTS,
    )
    session.add(kiosk)
    session.flush()
    detail = {"infusion_id": infusion_id} if infusion_id is not None else {}
    record(session, actor, at, "kiosk.started", "kiosk", kiosk.id, about or patient_id, **detail)
    return raw


def end_pins_of(session: Session, at: datetime, user_id: int) -> None:
    """The PIN of a person takes none of their tablets back any more: whatever ends all log-ins ends this too.

    The PIN stands for a log-in that was proved on that tablet; it must not outlive it. A password still does.
    """
    session.execute(
        update(Kiosk)
        .where(Kiosk.started_by_id == user_id, Kiosk.ended_at.is_(None), Kiosk.pin_ended_at.is_(None))
        .values(pin_ended_at=at)
    )


def out_now(session: Session, raw: str, at: datetime) -> OutTablet | None:
    """The tablet of a secret; None for one that is none, or is out no more."""
    found = session.scalar(
        select(Kiosk).where(
            Kiosk.token_hash == token_hash(raw), Kiosk.ended_at.is_(None), Kiosk.expires_at > at
        )
    )
    return OutTablet(found.id, found.infusion_id, found.patient_id) if found else None

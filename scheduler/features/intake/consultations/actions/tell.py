"""Tell the person: one message for each change they have to know of, and none that says nothing new.

What they were told last counts: a time that was changed before the first mail left is told once, as it is.
The reminder goes a day before. It is written with the booking, waits for its time, and is withdrawn with
every change; what is booked for tomorrow gets none.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.request_mail import enqueue_for_request, void_consultation
from scheduler.features.outbox.quiet import last_allowed
from scheduler.models import Consultation, Message, MessageStatus, Purpose, Site

MOVED = "The consultation was moved."
OFF = "The consultation is off."
LEFT = (MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN)
TELLS = (Purpose.CONSULTATION_BOOKED, Purpose.CONSULTATION_MOVED)
USEFUL_FOR = timedelta(hours=12)


def tell_booked(session: Session, at: datetime, row: Consultation) -> None:
    """Confirm a consultation that the person has not heard of yet, and have it reminded of."""
    _write(session, at, row, Purpose.CONSULTATION_BOOKED)
    _remind(session, at, row)


def tell_moved(session: Session, at: datetime, row: Consultation) -> None:
    """Tell the new time or way, unless that is what they know."""
    known = _known(session, row)
    void_consultation(session, at, row.id, MOVED)
    if known is None:
        _write(session, at, row, Purpose.CONSULTATION_BOOKED)
    elif known != (row.starts_at, row.way):
        _write(session, at, row, Purpose.CONSULTATION_MOVED, known[0])
    _remind(session, at, row)


def tell_off(session: Session, at: datetime, row: Consultation) -> None:
    """Tell that it does not take place, if they know of it and its time is still to come."""
    known = _known(session, row)
    void_consultation(session, at, row.id, OFF)
    if known is not None and known[0] > at:
        _write(session, at, row, Purpose.CONSULTATION_CANCELLED, known[0])


def _known(session: Session, row: Consultation) -> tuple[datetime, str] | None:
    """The time and the way that the last message that left has told; None where none did."""
    facts = session.scalars(
        select(Message.facts)
        .where(Message.consultation_id == row.id, Message.purpose.in_(TELLS), Message.status.in_(LEFT))
        .order_by(Message.id.desc())
        .limit(1)
    ).one_or_none()
    return (datetime.fromisoformat(facts["starts_at"]), facts["way"]) if facts else None


def _write(
    session: Session, at: datetime, row: Consultation, purpose: Purpose, was: datetime | None = None
) -> None:
    enqueue_for_request(
        session,
        at,
        purpose=purpose,
        request_id=row.request_id,
        consultation_id=row.id,
        schedule_version=row.schedule_version,
        dedupe_key=f"{purpose.value}:consultation:{row.id}:v{row.schedule_version}",
        facts={
            "starts_at": row.starts_at.isoformat(),
            "way": row.way,
            **({"was": was.isoformat()} if was else {}),
        },
    )


def _remind(session: Session, at: datetime, row: Consultation) -> None:
    tz = session.get_one(Site, row.site_id).tz
    start = row.starts_at.astimezone(ZoneInfo(tz))
    due = last_allowed((start - timedelta(days=1)).astimezone(row.starts_at.tzinfo), tz)
    if due <= at:
        return
    purpose = Purpose.CONSULTATION_REMINDER
    enqueue_for_request(
        session,
        at,
        purpose=purpose,
        request_id=row.request_id,
        consultation_id=row.id,
        schedule_version=row.schedule_version,
        dedupe_key=f"{purpose.value}:consultation:{row.id}:v{row.schedule_version}",
        facts={"days_before": 1},
        due_at=due,
        expires_at=min(due + USEFUL_FOR, row.starts_at),
    )

"""Whoever asked for a consultation is reached elsewhere from now on: the calendar of the former mailbox gives
the appointment back, the new address hears of it (MESSAGES.md, section 4).

As with a patient's visits (`invite.py`), both are revisions of the same entry. What had not left yet needs
nothing: it goes where the person is when it leaves, by mail or, to a number alone, as a text.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.request_mail import enqueue_for_request
from scheduler.features.outbox.queries.invited import consultation_holders
from scheduler.models import (
    Channel,
    Consultation,
    ConsultationLink,
    ConsultationRequest,
    Message,
    MessageStatus,
    Purpose,
)

TELLS = (Purpose.CONSULTATION_BOOKED, Purpose.CONSULTATION_MOVED)
BACK = "They use this address again."


def follow_request_address(session: Session, at: datetime, request: ConsultationRequest) -> int:
    """The address that messages to this request go to has changed. Gives the number of messages written.

    The links that were sent to the former one end; each message brings a new one.
    """
    _send_waiting_there(session, request)
    rows = session.scalars(
        select(Consultation)
        .where(
            Consultation.request_id == request.id,
            Consultation.status == "scheduled",
            Consultation.starts_at > at,
        )
        .order_by(Consultation.id)
    ).all()
    for row in rows:
        session.execute(delete(ConsultationLink).where(ConsultationLink.consultation_id == row.id))
    count = sum(_withdraw(session, at, request, row) + _tell_there(session, at, request, row) for row in rows)
    session.flush()
    return count


def _send_waiting_there(session: Session, request: ConsultationRequest) -> None:
    """What waits goes by the way that is open now."""
    session.execute(
        update(Message)
        .where(
            Message.request_id == request.id,
            Message.status == MessageStatus.QUEUED,
            Message.purpose != Purpose.INVITATION_WITHDRAWN,
        )
        .values(channel=Channel.EMAIL if request.email else Channel.SMS)
        .execution_options(synchronize_session=False)
    )


def _withdraw(session: Session, at: datetime, request: ConsultationRequest, row: Consultation) -> int:
    """Take the appointment out of every calendar that may hold it, but for that of the present address."""
    leaving = {one.facts["to"]: one for one in _waiting(session, row, [Purpose.INVITATION_WITHDRAWN])}
    if (again := leaving.get(request.email)) is not None:
        again.status, again.reason, again.next_attempt_at = MessageStatus.VOID, BACK, at
    held = consultation_holders(session, row.id)
    former = sorted(held.keys() - leaving.keys() - {request.email})
    if former:
        row.ics_sequence += 1
        row.ics_dtstamp = at.replace(microsecond=0)
    for address in former:
        facts = {"starts_at": held[address], "to": address}
        _write(session, at, row, Purpose.INVITATION_WITHDRAWN, address, facts, Channel.EMAIL)
    return len(former)


def _tell_there(session: Session, at: datetime, request: ConsultationRequest, row: Consultation) -> int:
    address = request.email or request.phone
    if address is None or _waiting(session, row, TELLS):
        return 0
    facts = {"starts_at": row.starts_at.isoformat(), "way": row.way}
    _write(session, at, row, Purpose.CONSULTATION_BOOKED, address, facts)
    return 1


def _waiting(session: Session, row: Consultation, purposes: Sequence[Purpose]) -> Sequence[Message]:
    return session.scalars(
        select(Message)
        .where(
            Message.consultation_id == row.id,
            Message.purpose.in_(purposes),
            Message.status == MessageStatus.QUEUED,
        )
        .order_by(Message.id)
    ).all()


def _write(
    session: Session,
    at: datetime,
    row: Consultation,
    purpose: Purpose,
    address: str,
    facts: dict[str, str],
    channel: Channel | None = None,
) -> None:
    # The revision and the address name it: the same words to the same address are written once.
    place = hashlib.sha256(address.encode()).hexdigest()[:12]
    enqueue_for_request(
        session,
        at,
        purpose=purpose,
        request_id=row.request_id,
        consultation_id=row.id,
        schedule_version=row.schedule_version,
        dedupe_key=(
            f"{purpose.value}:consultation:{row.id}:v{row.schedule_version}:s{row.ics_sequence}:{place}"
        ),
        facts=facts,
        channel=channel,
    )

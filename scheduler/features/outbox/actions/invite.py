"""Calendar invitations by mail: one for each visit, following the visit and the patient's address.

The update of a visit that moved and the notice that it is off carry their calendar part themselves
(`calendar_parts.py`). What is written here are the first invitation of each visit, what a new mail address
asks for (the old calendar gives the visits back, the new one gets them), and what a patient asks for who
wants entries to say more, or less, than they do.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.enqueue import enqueue
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.outbox.queries.invited import held_by
from scheduler.models import Infusion, InfusionStatus, Message, MessageStatus, Patient, Purpose


def invite(session: Session, at: datetime, patient: Patient, rows: Sequence[Infusion]) -> int:
    """Write an invitation for each of `rows`, which are still to come; gives their number.

    None for a patient who wants the summary alone or no mail at all, or has no mail address.
    """
    chosen = choices(session, patient.id)
    if not (patient.email and chosen.email and chosen.invitations):
        return 0
    for row in rows:
        _write(session, at, patient, row, Purpose.INVITATION, patient.email)
    return len(rows)


def invite_to_rest(session: Session, at: datetime, patient: Patient) -> int:
    """Invite to the open visits that stand in no calendar yet: the patient wants invitations from now on."""
    rows = _open_visits(session, at, patient.id)
    held = held_by(session, [row.id for row in rows])
    return invite(session, at, patient, [row for row in rows if row.id not in held])


def follow_address(session: Session, at: datetime, patient: Patient) -> int:
    """The mail address has changed: take the open visits out of the old calendar, put them in the new.

    Both are revisions of the entry: should the two addresses lead to one mailbox, the second one holds.
    Gives the number of messages.
    """
    rows = _open_visits(session, at, patient.id)
    held = held_by(session, [row.id for row in rows])
    waiting = _waiting_invitations(session, [row.id for row in rows])
    count = 0
    for row in rows:
        old = held.get(row.id)
        if old is None and row.id not in waiting:
            continue
        if old is not None and old != patient.email:
            row.ics_sequence += 1
            row.ics_dtstamp = at.replace(microsecond=0)
            _write(session, at, patient, row, Purpose.INVITATION_WITHDRAWN, old)
            count += 1
        if row.id not in waiting and old != patient.email:
            count += invite(session, at, patient, [row])
    session.flush()
    return count


def follow_detail(session: Session, at: datetime, patient: Patient) -> int:
    """The patient wants to be told which visit it is, or no longer: let the entries that are out say so.

    Each is a revision of the same entry. An invitation that still waits needs none: it says what holds when
    it leaves. Gives the number of messages.
    """
    rows = _open_visits(session, at, patient.id)
    held = held_by(session, [row.id for row in rows])
    waiting = _waiting_invitations(session, [row.id for row in rows])
    out = [row for row in rows if row.id not in waiting and held.get(row.id) == patient.email]
    for row in out:
        row.ics_sequence += 1
        row.ics_dtstamp = at.replace(microsecond=0)
        _write(session, at, patient, row, Purpose.INVITATION, patient.email or "", update=True)
    session.flush()
    return len(out)


def _open_visits(session: Session, at: datetime, patient_id: int) -> Sequence[Infusion]:
    return session.scalars(
        select(Infusion)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.status == InfusionStatus.SCHEDULED,
            Infusion.starts_at > at,
        )
        .order_by(Infusion.starts_at, Infusion.id)
    ).all()


def _waiting_invitations(session: Session, infusion_ids: Sequence[int]) -> set[int]:
    """Visits whose invitation has not left: it goes to the address that is on file when it does."""
    return {
        found
        for found in session.scalars(
            select(Message.infusion_id).where(
                Message.infusion_id.in_(infusion_ids),
                Message.purpose == Purpose.INVITATION,
                Message.status == MessageStatus.QUEUED,
                Message.attempts == 0,
            )
        )
        if found is not None
    }


def _write(
    session: Session,
    at: datetime,
    patient: Patient,
    row: Infusion,
    purpose: Purpose,
    address: str,
    *,
    update: bool = False,
) -> None:
    # The revision and the address name it: the same invitation to the same mailbox is written once.
    mailbox = hashlib.sha256(address.encode()).hexdigest()[:12]
    enqueue(
        session,
        at,
        purpose=purpose,
        patient_id=patient.id,
        language=patient.language,
        dedupe_key=(
            f"{purpose.value}:infusion:{row.id}:v{row.schedule_version}:s{row.ics_sequence}:{mailbox}:email"
        ),
        facts={
            "starts_at": row.starts_at.isoformat(),
            "schedule_version": row.schedule_version,
            **({"to": address} if purpose is Purpose.INVITATION_WITHDRAWN else {}),
            **({"update": True} if update else {}),
        },
        infusion_id=row.id,
        schedule_version=row.schedule_version,
    )

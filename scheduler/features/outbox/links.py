"""Links for the patient and for nobody else (SECURITY.md, section 2): to the page of one visit, and to the
page on which reminders by mail are switched off and on. No link does what the other does.

A link is made when the bytes of a message are written, one for each message: so a message that is never sent
opens nothing, and whoever ends one link ends no other. All links of a visit lead to the same page. The row
knows only the hash; what was written into a message is the only copy of the link itself.
"""

from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Select, Table, insert, select, update
from sqlalchemy.orm import Session

from scheduler.models import Infusion, Patient, PatientLink
from scheduler.tokens import new_token, token_hash

AFTER = timedelta(days=1)
"""How long after the end of the visit its links still open the page that says thanks."""
LEAVE_WITHIN = timedelta(days=60)
"""How long after a visit the mail that reminded of it can still be used to ask for no more of them."""

_ADD = insert(cast(Table, PatientLink.__table__))


def make_link(
    session: Session,
    at: datetime,
    patient_id: int,
    infusion_id: int | None,
    expires_at: datetime,
    purpose: Literal["visit", "unsubscribe"] = "visit",
) -> str:
    """Write a link, to a visit unless told otherwise, and give its token, which is in no row."""
    raw = new_token()
    row = {
        "token_hash": token_hash(raw),
        "purpose": purpose,
        "patient_id": patient_id,
        "infusion_id": infusion_id,
        "created_at": at,
        "expires_at": expires_at,
    }
    session.connection().execute(_ADD, row)
    return raw


def visit_address(session: Session, at: datetime, visit: Infusion, base_url: str) -> str:
    """The whole address of a fresh link to the page of a visit, good until a day after it."""
    raw = make_link(session, at, visit.patient_id, visit.id, visit.ends_at + AFTER)
    return f"{base_url}/v/{raw}"


def leave_address(session: Session, at: datetime, visit: Infusion, base_url: str) -> str:
    """The whole address of a fresh link by which the patient of a visit gets no more reminders by mail."""
    until = visit.ends_at + LEAVE_WITHIN
    return f"{base_url}/u/{make_link(session, at, visit.patient_id, None, until, 'unsubscribe')}"


def link_holder(session: Session, raw: str, at: datetime) -> PatientLink | None:
    """Whose link this is; None for one that never was, is over or was ended, alike.

    A link opens the visit of the person it was given to: a record that was archived or merged opens nothing,
    nor does a visit that has gone to another record.
    """
    return session.scalar(
        _live(raw, at, "visit")
        .join(Infusion, Infusion.id == PatientLink.infusion_id)
        .where(Infusion.patient_id == PatientLink.patient_id)
    )


def leave_holder(session: Session, raw: str, at: datetime) -> PatientLink | None:
    """Whose link to get no more reminders by mail this is; None for one that opens nothing."""
    return session.scalar(_live(raw, at, "unsubscribe"))


def _live(raw: str, at: datetime, purpose: str) -> Select[PatientLink]:
    return (
        select(PatientLink)
        .join(Patient, Patient.id == PatientLink.patient_id)
        .where(
            PatientLink.token_hash == token_hash(raw),
            PatientLink.purpose == purpose,
            PatientLink.revoked_at.is_(None),
            PatientLink.expires_at > at,
            Patient.archived_at.is_(None),
        )
    )


def revoke_links(session: Session, at: datetime, patient_id: int) -> int:
    """End all links of a patient; how many there were. The next message brings a new one."""
    ended = session.execute(
        update(PatientLink)
        .where(
            PatientLink.patient_id == patient_id,
            PatientLink.revoked_at.is_(None),
            PatientLink.expires_at > at,
        )
        .values(revoked_at=at)
        .returning(PatientLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())

"""Links for the patient and for nobody else (SECURITY.md, section 2): to the page of one visit, to all dates
of a course for a calendar, to the page on which reminders by mail are switched off and on, and to the door of
the patient's own pages. No link does what another does.

A link is made when the bytes of a message are written, one for each message: so a message that is never sent
opens nothing, and whoever ends one link ends no other. All links of a visit lead to the same page. The row
knows only the hash; what was written into a message is the only copy of the link itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Select, Table, func, insert, or_, select, update
from sqlalchemy.orm import Session

from scheduler.features.outbox.question_links import revoke_question_links
from scheduler.models import Infusion, Patient, PatientLink
from scheduler.tokens import new_token, token_hash

AFTER = timedelta(days=1)
"""How long after the end of the visit, or of the last one of a course, its links still open the page."""
LEAVE_WITHIN = timedelta(days=60)
"""How long after a visit the mail that reminded of it can still be used to ask for no more of them."""
PAGES_FOR = timedelta(days=30)
"""How long a link to the patient's own pages can be used, on as many devices as the patient has."""
PAPERS_FOR = timedelta(days=14)
"""How long a link to documents can be used: a text may have changed since, and the desk sends another."""


@dataclass(frozen=True)
class CourseLink:
    """A link to the dates of a course: whose, when it was opened last, and when it ends as things are."""

    id: int
    patient_id: int
    course_id: int
    site_id: int
    touched_at: datetime | None
    expires_at: datetime


_ADD = insert(cast(Table, PatientLink.__table__))


def make_link(
    session: Session,
    at: datetime,
    patient_id: int,
    infusion_id: int | None,
    expires_at: datetime,
    purpose: Literal["visit", "course", "unsubscribe", "pages", "consents"] = "visit",
    token: Callable[[], str] = new_token,
) -> str:
    """Write a link, to a visit unless told otherwise, and give its token, which is in no row."""
    raw = token()
    row = {
        "token_hash": token_hash(raw),
        "purpose": purpose,
        "patient_id": patient_id,
        "infusion_id": infusion_id,
        "created_at": at,
        "expires_at": expires_at,
        "wrong_tries": 0,
    }
    session.connection().execute(_ADD, row)
    return raw


def visit_address(
    session: Session, at: datetime, visit: Infusion, base_url: str, token: Callable[[], str] = new_token
) -> str:
    """The whole address of a fresh link to the page of a visit, good until a day after it."""
    raw = make_link(session, at, visit.patient_id, visit.id, visit.ends_at + AFTER, token=token)
    return f"{base_url}/v/{raw}"


def course_address(
    session: Session, at: datetime, visit: Infusion, base_url: str, token: Callable[[], str] = new_token
) -> str:
    """The whole address of a fresh link to all dates of a visit's course, good until a day after the last."""
    until = _last_end(session, visit.course_id) + AFTER
    return f"{base_url}/c/{make_link(session, at, visit.patient_id, visit.id, until, 'course', token)}"


def leave_address(
    session: Session, at: datetime, visit: Infusion, base_url: str, token: Callable[[], str] = new_token
) -> str:
    """The whole address of a fresh link by which the patient of a visit gets no more reminders by mail."""
    until = visit.ends_at + LEAVE_WITHIN
    return f"{base_url}/u/{make_link(session, at, visit.patient_id, None, until, 'unsubscribe', token)}"


def pages_address(
    session: Session, at: datetime, patient_id: int, base_url: str, token: Callable[[], str] = new_token
) -> str:
    """The whole address of a fresh link to a patient's own pages, which ask for the birth date besides."""
    return f"{base_url}/p/{make_link(session, at, patient_id, None, at + PAGES_FOR, 'pages', token)}"


def papers_address(
    session: Session, at: datetime, patient_id: int, base_url: str, token: Callable[[], str] = new_token
) -> str:
    """The whole address of a fresh link to what a patient has to sign, behind the birth date as well."""
    return f"{base_url}/d/{make_link(session, at, patient_id, None, at + PAPERS_FOR, 'consents', token)}"


def papers_holder(session: Session, raw: str, at: datetime) -> PatientLink | None:
    """Whose documents a link is for; None for one that opens nothing."""
    return session.scalar(_live(raw, at, "consents"))


def pages_holder(session: Session, raw: str, at: datetime) -> PatientLink | None:
    """Whose pages a link is for; None for one that opens nothing."""
    return session.scalar(_live(raw, at, "pages"))


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


def course_holder(session: Session, raw: str, at: datetime) -> CourseLink | None:
    """Whose dates a link opens; None for one that opens nothing, as above.

    It ends a day after the last visit as the course stands now, so that it follows when visits are moved.
    """
    found = session.execute(
        _given(raw, "course")
        .join(Infusion, Infusion.id == PatientLink.infusion_id)
        .where(Infusion.patient_id == PatientLink.patient_id)
        .add_columns(Infusion.course_id, Infusion.site_id)
    ).one_or_none()
    if found is None:
        return None
    link, course_id, site_id = found
    ends = _last_end(session, course_id) + AFTER
    if ends <= at:
        return None
    return CourseLink(link.id, link.patient_id, course_id, site_id, link.last_used_at, ends)


def leave_holder(session: Session, raw: str, at: datetime) -> PatientLink | None:
    """Whose link to get no more reminders by mail this is; None for one that opens nothing."""
    return session.scalar(_live(raw, at, "unsubscribe"))


def _last_end(session: Session, course_id: int) -> datetime:
    """When the last visit ends, also one that was cancelled: whoever looks that day finds that it is gone."""
    return session.scalars(select(func.max(Infusion.ends_at)).where(Infusion.course_id == course_id)).one()


def _live(raw: str, at: datetime, purpose: str) -> Select[PatientLink]:
    return _given(raw, purpose).where(PatientLink.expires_at > at)


def _given(raw: str, purpose: str) -> Select[PatientLink]:
    """The link with a token, unless somebody ended it, or its patient's record was put away."""
    return (
        select(PatientLink)
        .join(Patient, Patient.id == PatientLink.patient_id)
        .where(
            PatientLink.token_hash == token_hash(raw),
            PatientLink.purpose == purpose,
            PatientLink.revoked_at.is_(None),
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
            or_(PatientLink.expires_at > at, PatientLink.purpose == "course"),
        )
        .values(revoked_at=at)
        .returning(PatientLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all()) + revoke_question_links(session, at, patient_id)

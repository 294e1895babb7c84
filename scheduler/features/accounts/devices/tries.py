"""Birth dates tried with a link: counted before they are looked at."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import SixfoldError
from scheduler.features.accounts.link_throttle import count_birth_date
from scheduler.features.audit.actions import record
from scheduler.models import Patient, PatientLink

IN_A_ROW = 5
RESTS = timedelta(hours=1)
IN_ALL = 15


class LinkRestsError(SixfoldError):
    """Too many birth dates did not fit: none is taken now."""

    status = 429
    title = "The link rests"


def begin_try(session: Session, at: datetime, link_id: int, address: str) -> None:
    """Count one try with a link as one that did not fit, until it has.

    Raises LinkRestsError while the link rests, TooManyTriesError where the address has tried too often.
    """
    count_birth_date(session, at, address)
    count = session.scalar(
        update(PatientLink)
        .where(
            PatientLink.id == link_id,
            PatientLink.revoked_at.is_(None),
            or_(PatientLink.asleep_until.is_(None), PatientLink.asleep_until <= at),
        )
        .values(wrong_tries=PatientLink.wrong_tries + 1)
        .returning(PatientLink.wrong_tries)
        .execution_options(synchronize_session=False)
    )
    if count is None:
        raise LinkRestsError("The link rests for an hour.")
    if count % IN_A_ROW == 0:
        _set(session, link_id, asleep_until=at + RESTS)


def fits(session: Session, link_id: int, born: date) -> bool:
    """Whether this is the birth date of the patient a link was given to."""
    found = session.scalar(
        select(Patient.birth_date)
        .join(PatientLink, PatientLink.patient_id == Patient.id)
        .where(PatientLink.id == link_id)
    )
    return found == born


def try_failed(session: Session, actor: Actor, at: datetime, link_id: int) -> None:
    """Write down that a date did not fit, and end a link with which too many did not."""
    link = session.get_one(PatientLink, link_id, populate_existing=True)
    record(session, actor, at, "pages.refused", "patient_link", link_id, link.patient_id)
    if link.wrong_tries >= IN_ALL and link.revoked_at is None:
        _set(session, link_id, revoked_at=at)
        record(session, actor, at, "pages.link_ended", "patient_link", link_id, link.patient_id)


def try_succeeded(session: Session, at: datetime, link_id: int) -> None:
    """The count of the link begins anew."""
    _set(session, link_id, wrong_tries=0, asleep_until=None, last_used_at=at)


def _set(session: Session, link_id: int, **values: object) -> None:
    session.execute(
        update(PatientLink)
        .where(PatientLink.id == link_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )

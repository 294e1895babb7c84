"""Whether a patient's screening holds for a new course: asked by everybody who books, lists or signs.

It stands with the patients, below the intake that writes screenings, because booking a course asks it too. It
says when one was signed and by whom, and whether it is due again: never what it found, because the front desk
reads it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import false, func, or_, select
from sqlalchemy.orm import Session

from scheduler.models import Course, Screening, ScreeningRules, User

TRIALS_NEEDED = 1
"""Of adequate dose and duration, without response (CLINICAL.md, section 5: some programmes ask for two)."""
VALID_DAYS = 180
"""The product's own default; no guideline names one."""


@dataclass(frozen=True)
class Screened:
    """The last signed screening: an instant and a name, None and empty without one; whether a new one is due
    before a course is booked.
    """

    signed_at: datetime | None = None
    by: str = ""
    is_due: bool = True


def screening_rules(session: Session) -> ScreeningRules:
    """What the clinic asks of a screening; a row that is not stored while the usual numbers hold."""
    return session.get(ScreeningRules, 1) or ScreeningRules(
        id=1, trials_needed=TRIALS_NEEDED, valid_days=VALID_DAYS, version=0
    )


def screened(session: Session, patient_ids: Collection[int], at: datetime) -> Mapping[int, Screened]:
    """How it stands for each of these patients at `at`, in one query.

    A screening holds for one course: it is due again when a course was booked since, when it is older than
    the clinic's days, and when it found the patient not suitable.
    """
    booked = (
        select(func.max(Course.booked_at))
        .where(Course.patient_id == Screening.patient_id)
        .correlate(Screening)
        .scalar_subquery()
    )
    is_due = or_(Screening.outcome != "suitable", func.coalesce(booked > Screening.signed_at, false()))
    days = select(ScreeningRules.valid_days).scalar_subquery()
    rows = session.execute(
        select(Screening.patient_id, Screening.signed_at, User.name, is_due, days)
        .join(User, User.id == Screening.signed_by_id)
        .where(Screening.patient_id.in_(list(patient_ids)), Screening.signed_at.is_not(None))
        .order_by(Screening.signed_at, Screening.id)
    )
    last = {
        patient_id: Screened(signed_at, by, bool(due) or _is_old(signed_at, at, valid or VALID_DAYS))
        for patient_id, signed_at, by, due, valid in rows
    }
    return {one: last.get(one, Screened()) for one in patient_ids}


def _is_old(signed_at: datetime | None, at: datetime, days: int) -> bool:
    return signed_at is None or at - signed_at > timedelta(days=days)

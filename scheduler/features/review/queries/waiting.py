"""How many courses wait for a clinician: the figure beside “To review” on every page.

Every page of everybody who charts asks this, so each part of it is found by an index on what is open, never
by a walk over what was signed long ago. Ratings that are missing are left out: to know them, each course's
occasions are worked out, and they are the only reason that holds nobody up. The page says how many courses
stand there for them alone.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, union_all

from scheduler.features.ratings.queries.facts import OVER
from scheduler.features.tasks.alerts import is_open
from scheduler.models import (
    Alert,
    AlertKind,
    Course,
    Infusion,
    InfusionLog,
    InfusionStatus,
    LogStatus,
    Patient,
    SignOffRules,
)

OF_ALERT = {
    AlertKind.ITEM_9: "worse",
    AlertKind.WORSENING: "worse",
    AlertKind.RELAPSE: "worse",
    AlertKind.NO_RESPONSE: "no_response",
    AlertKind.ADVERSE_EVENT: "event",
}
"""The alerts that put a course into the queue, with the kind of reason that each is there."""


def log_unsigned() -> ColumnElement[bool]:
    """Whether the log of an infusion waits for a signature: of one that is over, complete or not."""
    unsigned = InfusionLog.status.in_([LogStatus.DRAFT, LogStatus.COMPLETE])
    return and_(unsigned, Infusion.status == InfusionStatus.COMPLETED)


def course_unsigned() -> ColumnElement[bool]:
    """Whether a course log waits: of a course that is over and did not begin before Sixfold."""
    return and_(Course.signatures == 0, Course.status.in_(sorted(OVER)), Course.entered.is_(False))


def second_wanted() -> ColumnElement[bool]:
    """Whether a course log waits for a second signature, because its site asks for one."""
    sites = select(SignOffRules.site_id).where(SignOffRules.wants_second)
    return and_(Course.signatures == 1, Course.site_id.in_(sites))


def waiting_count() -> Select[int]:
    """Select the number of courses that wait for a look or a signature."""
    waiting: tuple[Select[Any], ...] = (
        select(Alert.course_id).where(is_open(), Alert.kind.in_(sorted(OF_ALERT))),
        select(Infusion.course_id)
        .join(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(log_unsigned()),
        select(Course.id).where(course_unsigned()),
        select(Course.id).where(second_wanted()),
    )
    return (
        select(func.count(Course.id))
        .join(Patient, Patient.id == Course.patient_id)
        .where(Course.id.in_(union_all(*waiting)), Patient.archived_at.is_(None))
    )

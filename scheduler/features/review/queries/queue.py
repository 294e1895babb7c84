"""What waits for a clinician, worse first: alerts, then logs to be signed, then ratings that are missing.

A course stands once, with everything that waits in it. Nothing is stored: a course leaves the queue by what
is done about it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.ratings.occasions import State
from scheduler.features.ratings.queries.facts import OVER, asked_of_all
from scheduler.features.ratings.queries.prompts import followed
from scheduler.features.ratings.slots import slot_name
from scheduler.features.review.queries.waiting import OF_ALERT, course_unsigned, log_unsigned, second_wanted
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import (
    AlertKind,
    Course,
    GivenReason,
    Infusion,
    InfusionLog,
    LogStatus,
    Patient,
    SignedRecord,
    Site,
    TimePoint,
)

KINDS = {
    "worse": "Worse",
    "no_response": "No response",
    "event": "Adverse events",
    "unsigned": "Not signed",
    "missing": "Ratings missing",
}
"""The kinds of reasons in the order in which they are looked at."""


@dataclass(frozen=True)
class Reason:
    """Why a course waits; `is_urgent` is said louder, and a life at risk (`is_danger`) comes before all."""

    kind: str
    words: str
    since: datetime | None = None
    is_urgent: bool = False
    is_danger: bool = False

    @property
    def rank(self) -> tuple[bool, int]:
        """By what it is looked at first."""
        return not self.is_danger, list(KINDS).index(self.kind)


@dataclass(frozen=True)
class QueueLine:
    """One course that waits, with its reasons, the gravest first."""

    course_id: int
    patient_id: int
    patient: str
    record_number: str
    site_id: int
    site: str
    is_over: bool
    reasons: Sequence[Reason]

    @property
    def kinds(self) -> list[str]:
        """The kinds of its reasons."""
        return [reason.kind for reason in self.reasons]

    @property
    def only_ratings(self) -> bool:
        """Whether it waits for ratings alone: then it is not counted beside “To review”."""
        return set(self.kinds) == {"missing"}


def queue(session: Session, now: datetime) -> list[QueueLine]:
    """Every course that waits, worse first, then the one that has waited longest."""
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for alert in open_alerts(session, list(OF_ALERT)):
        words = f"{alert.title}. {alert.detail}".rstrip()
        urgent = OF_ALERT[alert.kind] == "worse"
        danger = alert.kind is AlertKind.ITEM_9
        reason = Reason(OF_ALERT[alert.kind], words, alert.raised_at, urgent, danger)
        assert alert.course_id is not None  # noqa: S101 - all of these kinds are of a course
        reasons[alert.course_id].append(reason)
    _logs(session, reasons)
    _courses(session, reasons)
    _second(session, reasons)
    _ratings(session, now, reasons)
    lines = [_line(*row, reasons[row[0].id]) for row in _rows(session, reasons)]
    return sorted(
        lines, key=lambda line: (line.reasons[0].rank, line.reasons[0].since or now, line.course_id)
    )


def _rows(session: Session, course_ids: Collection[int]) -> Sequence[tuple[Course, Patient, Site]]:
    return session.execute(
        select(Course, Patient, Site)
        .join(Patient, Patient.id == Course.patient_id)
        .join(Site, Site.id == Course.site_id)
        .where(Course.id.in_(course_ids), Patient.archived_at.is_(None))
        .order_by(Course.id)
    ).all()


def _line(course: Course, patient: Patient, site: Site, reasons: list[Reason]) -> QueueLine:
    return QueueLine(
        course.id,
        patient.id,
        patient.name,
        patient.record_number,
        site.id,
        site.name,
        course.status in OVER,
        sorted(reasons, key=lambda reason: reason.rank),
    )


def _logs(session: Session, reasons: dict[int, list[Reason]]) -> None:
    """Logs of infusions that are over, complete or not, without a signature."""
    rows = session.execute(
        select(
            Infusion.course_id,
            InfusionLog.status,
            func.count(InfusionLog.id),
            func.min(Infusion.completed_at),
        )
        .join(Infusion, Infusion.id == InfusionLog.infusion_id)
        .where(log_unsigned())
        .group_by(Infusion.course_id, InfusionLog.status)
        .order_by(Infusion.course_id, InfusionLog.status)
    )
    for course_id, status, count, since in rows:
        logs = "1 log" if count == 1 else f"{count} logs"
        words = f"{logs} to sign" if status is LogStatus.COMPLETE else f"{logs} not complete"
        reasons[course_id].append(Reason("unsigned", words, since))


def _courses(session: Session, reasons: dict[int, list[Reason]]) -> None:
    """Courses that are over and whose log nobody signed; what began before Sixfold is not asked for."""
    rows = session.execute(select(Course.id, Course.closed_at).where(course_unsigned()).order_by(Course.id))
    for course_id, closed_at in rows:
        reasons[course_id].append(Reason("unsigned", "The course log", closed_at))


def _second(session: Session, reasons: dict[int, list[Reason]]) -> None:
    """Course logs that wait for a second signature, where the site asks for one."""
    rows = session.execute(
        select(SignedRecord.course_id, SignedRecord.signed_at)
        .join(Course, Course.id == SignedRecord.course_id)
        .where(SignedRecord.infusion_id.is_(None), second_wanted())
        .order_by(SignedRecord.course_id)
    )
    for course_id, signed_at in rows:
        reasons[course_id].append(Reason("unsigned", "The second signature", signed_at))


def _ratings(session: Session, now: datetime, reasons: dict[int, list[Reason]]) -> None:
    """Ratings that nobody gave in their time and for which nobody gave a reason."""
    courses = session.scalars(
        select(Course)
        .where(followed(now), Course.entered.is_(False), Course.signatures == 0)
        .order_by(Course.id)
    ).all()
    asked = asked_of_all(session, courses)
    said = {
        (course_id, gap)
        for course_id, gap in session.execute(
            select(GivenReason.course_id, GivenReason.gap)
            .where(GivenReason.gap.startswith("rating:"))
            .order_by(GivenReason.id)
        )
    }
    for course_id, known in asked.items():
        lost = [
            one.closes_at
            for one in known.occasions
            if one.slot.point is not TimePoint.WEEKLY and one.state(now, known.given) is State.MISSED
            for code, _ in one.lacking(known.given)
            if (course_id, f"rating:{slot_name(one.slot)}:{code}") not in said
        ]
        if lost:
            words = "1 rating" if len(lost) == 1 else f"{len(lost)} ratings"
            reasons[course_id].append(Reason("missing", f"{words} without a reason", min(lost)))


def step(lines: Sequence[QueueLine], course_id: int, *, back: bool) -> int | None:
    """The course after this one, or before it; the first where it has left the queue, None at the end."""
    ids = [line.course_id for line in lines]
    if course_id not in ids:
        return ids[0] if ids else None
    at = ids.index(course_id) + (-1 if back else 1)
    return ids[at] if 0 <= at < len(ids) else None

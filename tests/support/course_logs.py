"""A course that is over, charted as a nurse would, and short ways to sign it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.infusion_logs.rules import Rules, as_kept
from scheduler.features.review.actions.reasons import give_reasons
from scheduler.features.review.actions.sign import sign_course
from scheduler.features.review.queries.record import live_record
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import (
    AdverseEvent,
    Course,
    CourseStatus,
    Infusion,
    InfusionLog,
    InfusionStatus,
    LogStatus,
    SignedRecord,
    TimePoint,
    VitalSigns,
)
from scheduler.rendering.canonical import Facts, facts_digest
from tests.support.clinic import NOW, TODAY, SmallClinic, small_clinic
from tests.support.visits import add_course, add_rating, add_visit, local

DAYS = tuple(TODAY - timedelta(days=days) for days in (24, 21, 19, 17, 14, 12))
"""Six days that keep to the protocol of the small clinic, so long ago that no rating is to come."""
MINUTE = timedelta(minutes=1)
WEIGHT, DOSE = 70_000, 35_000


@dataclass(frozen=True)
class Signer:
    """The database, a course that is over, and the clinician who signs it as Ada."""

    database: Database
    clinic: SmallClinic
    course_id: int
    visits: Sequence[int]
    ada: Actor
    ben: Actor

    def facts(self, at: datetime = NOW) -> Facts:
        """The facts as a page would show them."""
        with self.database.read() as session:
            return live_record(CourseRows(session, self.course_id), at)

    def give_all_reasons(self, at: datetime = NOW) -> None:
        """A reason for whatever lacks one."""
        facts = self.facts(at)
        lacks = [gap["key"] for gap in (*facts["deviations"], *facts["missing"]) if not gap["reason"]]
        with self.database.write() as session:
            give_reasons(session, self.ada, at, self.course_id, dict.fromkeys(lacks, "Not asked for"))

    def sign(self, seen: str | None = None, at: datetime = NOW, actor: Actor | None = None) -> SignedRecord:
        """Sign what is to be seen now, or what was seen before."""
        digest = facts_digest(self.facts(at)) if seen is None else seen
        with self.database.write() as session:
            return sign_course(session, actor or self.ada, at, self.course_id, digest)


def add_log(session: Session, visit: Infusion, nurse_id: int, status: LogStatus = LogStatus.COMPLETE) -> None:
    """A log with all vitals that are due, every ten minutes for 40 and every fifteen after."""
    begun = visit.starts_at + 20 * MINUTE
    left = begun + 85 * MINUTE
    log = InfusionLog(
        infusion_id=visit.id,
        status=status,
        begun_at=begun,
        completed_at=left if status is not LogStatus.DRAFT else None,
        rules=as_kept(Rules()),
        weight_g=WEIGHT,
        dose_ug_per_kg=500,
        dose_ug=DOSE,
        minutes=40,
        started_at=begun,
        stopped_at=begun + 40 * MINUTE,
        left_at=left,
        checks={"u1": "yes"},
        escort_came="yes",
    )
    session.add(log)
    session.flush()
    for minutes in (-10, 10, 20, 30, 40, 55, 70, 85):
        at = begun + minutes * MINUTE
        reading = {"sbp": 120, "dbp": 80, "pulse": 70, "entered_at": at, "entered_by_id": nurse_id}
        session.add(VitalSigns(log_id=log.id, key=f"at {minutes}", taken_at=at, **reading))
    event = {"grade": 1, "action": "none", "outcome": "resolved", "changed_at": begun, "key": "an-event"}
    session.add(AdverseEvent(log_id=log.id, term="Nausea", onset_at=begun, changed_by_id=nurse_id, **event))
    session.flush()


def over(
    session: Session, clinic: SmallClinic, days: Sequence[date] = DAYS, *, chair: int = 0
) -> tuple[Course, list[Infusion]]:
    """A completed course with a complete log and a rating on each of `days`."""
    course = add_course(session, clinic)
    course.booked_at = NOW - timedelta(days=40)
    visits = []
    for number, day in enumerate(days, 1):
        start = local(clinic.site, day, "09:30")
        visit = add_visit(
            session,
            course,
            clinic.chairs[chair],
            number,
            start,
            InfusionStatus.COMPLETED,
            arrived_at=start,
            started_at=start,
            completed_at=start + 105 * MINUTE,
        )
        add_log(session, visit, clinic.users["nurse"].id)
        add_rating(session, visit, TimePoint.PRE, 7)
        visits.append(visit)
    course.status, course.closed_at = CourseStatus.COMPLETED, visits[-1].ends_at
    session.flush()
    return course, visits


def signer(database: Database, clinic: SmallClinic | None = None) -> Signer:
    """A course that is over, in the small clinic."""
    with database.write() as session:
        found = clinic or small_clinic(session)
        course, visits = over(session, found)
        ada, ben = (Actor(found.users[role].id, found.users[role].name) for role in ("clinician", "nurse"))
        return Signer(database, found, course.id, [visit.id for visit in visits], ada, ben)

"""What clinicians signed by now: nearly all past courses; some wait, each for a reason of its own.

A course is signed when no rating of it can come any more, a week after its last infusion; whatever is missing
has got its reason by then. The logs of running courses are signed in the evening of the next day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.staff import Staff
from scheduler.features.audit.actions import record
from scheduler.features.review.actions.sign import sign_course, sign_log
from scheduler.features.review.completeness import completeness, lacking
from scheduler.features.review.queries.course import lacking_ratings
from scheduler.features.review.queries.record import live_record, log_record
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.standing import standing_of
from scheduler.models import Course, CourseStatus, GivenReason, Infusion, InfusionLog, LogStatus, Role, User
from scheduler.rendering.canonical import facts_digest

A_WEEK_LATER = timedelta(days=8, hours=9)
NEXT_EVENING = timedelta(days=1, hours=3)
LEFT = {"signed": 86, "no reasons": 7, "not signed": 7}
OF_RATING = {
    "Asked twice, no answer": 50,
    "Forgotten at the visit": 25,
    "The patient did not want to answer": 15,
    "The tablet was out of order": 10,
}
OF_VITALS = {"The patient was in the bathroom": 50, "The monitor was changed": 30, "Not noted in time": 20}
OTHER = "Discussed with the patient and accepted"
OVER = (CourseStatus.COMPLETED, CourseStatus.DISCONTINUED)


def sign_off(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Sign what was signed by now."""
    chance = stream(seed, "sign-offs")
    courses = session.scalars(select(Course).where(Course.entered.is_(False)).order_by(Course.id)).all()
    for course in courses:
        clinician, left = chance.choice(staff.of(Role.CLINICIAN, course.site_id)), pick(chance, LEFT)
        actor = _actor(clinician)
        if course.status in OVER and course.closed_at:
            at = course.closed_at + A_WEEK_LATER
            if at < calendar.now:
                _past(session, chance, actor, at, course.id, left)
        elif left == "signed":
            _evenings(session, actor, calendar.now, course.id)


def _actor(user: User) -> Actor:
    return Actor(user.id, user.name)


def _past(session: Session, chance: Random, actor: Actor, at: datetime, course_id: int, left: str) -> None:
    if left == "no reasons":
        return
    rows = CourseRows(session, course_id)
    lacks = lacking_ratings(rows, at)
    facts = live_record(rows, at, lacks)
    gaps = [gap["key"] for gap in (*facts["deviations"], *facts["missing"]) if not gap["reason"]]
    if gaps:
        by = {"course_id": course_id, "given_at": at, "given_by_id": actor.user_id}
        session.add_all(GivenReason(gap=gap, reason=_reason(chance, gap), **by) for gap in gaps)
        whose = facts["patient"]["id"]
        record(session, actor, at, "course_log.reasons_given", "course", course_id, whose, count=len(gaps))
        session.flush()
        facts = live_record(rows, at, lacks)
    is_ready = not lacking(completeness(facts, standing_of(rows, lacks)))
    if left == "signed" and is_ready:
        sign_course(session, actor, at + timedelta(minutes=4), course_id, facts_digest(facts))


def _reason(chance: Random, gap: str) -> str:
    kinds = {"rating": OF_RATING, "vitals": OF_VITALS}
    return pick(chance, kinds.get(gap.partition(":")[0], {OTHER: 1}))


def _evenings(session: Session, actor: Actor, now: datetime, course_id: int) -> None:
    rows: Sequence[tuple[int, datetime]] = [
        (row.infusion_id, row.completed_at + NEXT_EVENING)
        for row in session.execute(
            select(InfusionLog.infusion_id, InfusionLog.completed_at)
            .join(Infusion, Infusion.id == InfusionLog.infusion_id)
            .where(Infusion.course_id == course_id, InfusionLog.status == LogStatus.COMPLETE)
            .order_by(Infusion.starts_at)
        )
        if row.completed_at
    ]
    facts = live_record(CourseRows(session, course_id), now) if rows else {}
    for infusion_id, at in rows:
        if at < now:
            sign_log(session, actor, at, course_id, infusion_id, facts_digest(log_record(facts, infusion_id)))

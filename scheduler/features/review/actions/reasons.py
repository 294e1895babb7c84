"""Reasons for departures from the protocol and for what is missing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.review.queries.record import live_record
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import Course, GivenReason

LONGEST = 500


def give_reasons(
    session: Session, actor: Actor, at: datetime, course_id: int, reasons: Mapping[str, str]
) -> int:
    """Keep a reason for each gap, by its key; how many were new. What was given before stays on record.

    Raises NotFoundError, and RuleError where nothing was written or a gap is none (any more). The database
    refuses it for a signed course.
    """
    course = session.scalar(select(Course).where(Course.id == course_id).with_for_update())
    if course is None:
        raise NotFoundError("There is no such course. Find the patient, and open it from there.")
    if actor.user_id is None or not reasons:
        raise RuleError("Write a reason first.")
    facts = live_record(CourseRows(session, course_id), at)
    known = {gap["key"]: gap["reason"] for gap in (*facts["deviations"], *facts["missing"])}
    new = {gap: reason for gap, reason in reasons.items() if known.get(gap) != reason}
    for gap, reason in new.items():
        if gap not in known:
            raise RuleError("What this reason is for is settled meanwhile. Look at the list again.")
        if len(reason) > LONGEST:
            raise RuleError(f"Keep the reason below {LONGEST} characters.", field=gap)
        session.add(
            GivenReason(course_id=course_id, gap=gap, reason=reason, given_at=at, given_by_id=actor.user_id)
        )
    session.flush()
    if new:
        audit.record(
            session,
            actor,
            at,
            "course_log.reasons_given",
            "course",
            course_id,
            course.patient_id,
            count=len(new),
        )
    return len(new)

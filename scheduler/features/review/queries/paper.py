"""What is printed: the record of a course or of one infusion, and the paper of its site."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.review.progress import progress_in
from scheduler.features.review.queries.record import log_record, record_of
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import Infusion, InfusionLog, Site
from scheduler.rendering.canonical import Facts, instant
from scheduler.rendering.trajectory import TrajectoryFacts


def printed_course(session: Session, course_id: int, now: datetime) -> tuple[Facts, TrajectoryFacts]:
    """A `course_record` and what its progress is drawn from, both as signed if it was. Or NotFoundError."""
    rows = CourseRows(session, course_id)
    record = record_of(rows, now)
    signature = record["signature"]
    return record, progress_in(rows, instant(signature["at"]) if signature else now).facts


def visit_record(session: Session, infusion_id: int, now: datetime) -> Facts:
    """A `log_record` with its `signature` and `addenda`, from what was signed if it was. Or NotFoundError."""
    course_id = session.scalar(
        select(Infusion.course_id)
        .join(InfusionLog, InfusionLog.infusion_id == Infusion.id)
        .where(Infusion.id == infusion_id)
    )
    if course_id is None:
        raise NotFoundError("Nothing was charted for this visit yet.")
    rows = CourseRows(session, course_id)
    whole = record_of(rows, now)
    signed = rows.signed.get(infusion_id)
    facts = json.loads(signed.record) if signed else log_record(whole, infusion_id)
    return {
        **facts,
        "signature": whole["log_signatures"].get(str(infusion_id)),
        "addenda": [each for each in whole["addenda"] if each["infusion_id"] == infusion_id],
    }


def prints_on_letter(session: Session, site_id: int) -> bool:
    """Whether a site's paper is letter: that of whoever writes the month first."""
    return session.scalar(select(Site.date_order).where(Site.id == site_id)) == "mdy"

"""A clinician's word on an infusion that was stopped early: does it count?"""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.chores import counted_chore, unplanned_chore
from scheduler.features.courses.actions.opened import close_or_reopen, course_of, open_course
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.features.courses.standing import numbers_wanted, standing


def say_counts(session: Session, actor: Actor, at: datetime, infusion_id: int, counts: bool) -> Done:
    """Write whether it counts. If not, the course gets one more number at its end (`standing.py`).

    Raises RuleError for a visit that was not stopped early, ConflictError where the number that was added
    has a date already.
    """
    opened = open_course(session, course_of(session, infusion_id))
    row = opened.visit(infusion_id)
    if not row.stopped_early:
        raise RuleError("Only an infusion that was stopped early asks whether it counts.")
    before = look(opened.course, [row])
    row.counts = counts
    beyond = [
        each.number
        for each in standing(opened.course.infusions)
        if each.number not in numbers_wanted(opened.course.infusions, opened.version.infusions)
    ]
    if beyond:
        raise ConflictError(f"Visit no. {beyond[0]} was added in its place. Cancel that one first.")
    session.flush()
    close_or_reopen(opened, at)
    counted_chore(session, actor, at, row, "It counts." if counts else "It does not count.")
    unplanned_chore(session, actor, at, opened)
    change = write_change(session, actor, at, opened.course, "counted", before, [row])
    return done_of(change, opened.course)

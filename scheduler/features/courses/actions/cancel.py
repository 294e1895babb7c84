"""Cancel visits of a course: one, or the rest."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.call_off import call_off
from scheduler.features.courses.actions.chores import unplanned_chore
from scheduler.features.courses.actions.opened import by_whom, open_course, reason_of
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.models import InfusionStatus


def cancel_visits(
    session: Session, actor: Actor, at: datetime, course_id: int, infusion_ids: Collection[int], reason: str
) -> Done:
    """Cancel these visits, all or none. Raises RuleError without a reason, ConflictError where one of them
    is not scheduled any more."""
    reason = reason_of(reason, "Write why it is cancelled. The reason stays in the history of the visit.")
    if not infusion_ids:
        raise RuleError("Choose which visits to cancel.")
    opened = open_course(session, course_id, leaving=infusion_ids)
    rows = sorted((opened.visit(each) for each in set(infusion_ids)), key=lambda row: row.number)
    for row in rows:
        if row.status is not InfusionStatus.SCHEDULED:
            raise ConflictError(
                f"Visit no. {row.number} was {by_whom(session, row.id, opened.site)}: it is "
                f"{row.status.value.replace('_', ' ')} now. You asked to cancel it. Nothing was cancelled.",
                now=row.status.value,
                asked=InfusionStatus.CANCELLED.value,
            )
    before = look(opened.course, rows)
    messages = call_off(session, at, rows, reason)
    unplanned_chore(session, actor, at, opened)
    change = write_change(session, actor, at, opened.course, "cancelled", before, rows, reason=reason)
    return done_of(change, opened.course, messages)

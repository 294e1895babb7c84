"""Note when a late patient said they would come."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.opened import by_whom, course_of, open_course
from scheduler.features.courses.actions.write_change import done_of, look, write_change
from scheduler.features.courses.placing import Done
from scheduler.models import InfusionStatus


def expect(
    session: Session, actor: Actor, at: datetime, infusion_id: int, expected_at: datetime | None
) -> Done:
    """Write that the patient comes at `expected_at` (aware; None: nobody knows any more).

    Raises RuleError for a time that has passed or is not on the visit's day, ConflictError where the visit
    is not scheduled any more.
    """
    opened = open_course(session, course_of(session, infusion_id))
    row = opened.visit(infusion_id)
    if row.status is not InfusionStatus.SCHEDULED:
        raise ConflictError(
            f"Visit no. {row.number} was {by_whom(session, row.id, opened.site)}: it is "
            f"{row.status.value.replace('_', ' ')} now. The time was not noted.",
            now=row.status.value,
        )
    if expected_at is not None and not at < expected_at <= row.ends_at:
        raise RuleError("Write a time from now to the end of the visit. For a later one, move the visit.")
    before = look(opened.course, [row])
    row.expected_at = expected_at
    change = write_change(session, actor, at, opened.course, "expected", before, [row])
    return done_of(change, opened.course)

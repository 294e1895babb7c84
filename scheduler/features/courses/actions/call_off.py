"""Cancel rows of a course: what every way of giving up a visit has in common."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.courses.actions.opened import Opened
from scheduler.features.courses.actions.tell import tell_cancelled
from scheduler.models import Infusion, InfusionStatus


def call_off(session: Session, at: datetime, rows: Sequence[Infusion], reason: str) -> int:
    """Cancel `rows`, which are scheduled, and tell the patient; gives the number of messages."""
    for row in rows:
        row.status, row.status_reason = InfusionStatus.CANCELLED, reason
        row.ics_sequence += 1
        row.ics_dtstamp = at.replace(microsecond=0)
    session.flush()
    return tell_cancelled(session, at, rows)


def scheduled(opened: Opened) -> list[Infusion]:
    """The visits of the course that are still to come, by number."""
    return [row for row in opened.course.infusions if row.status is InfusionStatus.SCHEDULED]

"""Reading the tasks that wait, the most urgent first."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.models import StaffTask


def open_tasks(session: Session, site_id: int | None = None) -> Sequence[StaffTask]:
    """The tasks that wait, at one site or at all: those with a day first, then the oldest."""
    statement = select(StaffTask).where(StaffTask.done_at.is_(None))
    if site_id is not None:
        statement = statement.where(StaffTask.site_id == site_id)
    return session.scalars(
        statement.order_by(StaffTask.due_on.is_(None), StaffTask.due_on, StaffTask.raised_at, StaffTask.id)
    ).all()


def count_open(session: Session) -> int:
    """How many tasks wait, at all sites together."""
    return session.scalar(select(func.count()).where(StaffTask.done_at.is_(None))) or 0

"""Reading the tasks that wait, the most urgent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from scheduler.models import Infusion, Patient, Site, StaffTask, TaskKind

Row = TypeVar("Row", Infusion, Patient)


ANSWERS = frozenset(
    {
        TaskKind.CHANGE_ASKED,
        TaskKind.DECLINED,
        TaskKind.TEXTS_STOPPED,
        TaskKind.REPLY_UNCLEAR,
        TaskKind.UNREACHABLE,
    }
)
"""What came from patients or could not be told them: it waits in the desk's inbox, the rest under Tasks."""


def open_tasks(session: Session, site_id: int | None = None, *, answers: bool = False) -> Sequence[StaffTask]:
    """The tasks that wait, at one site or at all: those with a day first, then the oldest.

    With `answers` those of the inbox, without it those of the page of tasks.
    """
    statement = select(StaffTask).where(StaffTask.done_at.is_(None), _of(answers))
    if site_id is not None:
        statement = statement.where(StaffTask.site_id == site_id)
    return session.scalars(
        statement.order_by(StaffTask.due_on.is_(None), StaffTask.due_on, StaffTask.raised_at, StaffTask.id)
    ).all()


def waiting_task(session: Session, dedupe_key: str) -> StaffTask | None:
    """The task of this key, if it waits."""
    return session.scalar(
        select(StaffTask).where(StaffTask.dedupe_key == dedupe_key, StaffTask.done_at.is_(None))
    )


def count_open(session: Session) -> int:
    """How many tasks wait on the page of tasks, at all sites together."""
    return session.scalar(open_count()) or 0


def open_count() -> Select[int]:
    """Select the number of tasks that wait on the page of tasks."""
    return select(func.count(StaffTask.id)).where(StaffTask.done_at.is_(None), _of(answers=False))


def answers_count(site_id: ColumnElement[int], today: ColumnElement[date]) -> Select[int]:
    """Select the number of tasks in a site's inbox, without those put off to a later day."""
    return select(func.count(StaffTask.id)).where(
        StaffTask.done_at.is_(None),
        StaffTask.site_id == site_id,
        _of(answers=True),
        or_(StaffTask.later_until.is_(None), StaffTask.later_until <= today),
    )


def _of(answers: bool) -> ColumnElement[bool]:
    return StaffTask.kind.in_(ANSWERS) if answers else StaffTask.kind.not_in(ANSWERS)


@dataclass(frozen=True)
class TaskLine:
    """A task with the names that its line shows; `starts` is the visit's time, local to the site."""

    task: StaffTask
    site: str
    patient: str
    number: int | None
    starts: datetime | None


def task_lines(session: Session, site_id: int | None = None, *, answers: bool = False) -> list[TaskLine]:
    """The tasks that wait, in the order of `open_tasks`, with whom they are about."""
    tasks = open_tasks(session, site_id, answers=answers)
    sites = {row.id: row for row in session.scalars(select(Site).order_by(Site.id))}
    patients = _by_id(session, Patient, [task.patient_id for task in tasks])
    visits = _by_id(session, Infusion, [task.infusion_id for task in tasks])
    found = []
    for task in tasks:
        patient, visit = patients.get(task.patient_id), visits.get(task.infusion_id)
        zone = ZoneInfo(sites[task.site_id].tz)
        found.append(
            TaskLine(
                task,
                sites[task.site_id].name,
                patient.name if patient else "",
                visit.number if visit else None,
                visit.starts_at.astimezone(zone) if visit else None,
            )
        )
    return found


def _by_id(session: Session, kind: type[Row], ids: Sequence[int | None]) -> dict[int | None, Row]:
    wanted = sorted({each for each in ids if each is not None})
    rows = session.scalars(select(kind).where(kind.id.in_(wanted)).order_by(kind.id))
    return {row.id: row for row in rows}

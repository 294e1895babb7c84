"""A visit that a change of the capacity broke waits as a task until it stands elsewhere or is over."""

from datetime import timedelta

from sqlalchemy import select

from scheduler.db import Database
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.tasks.actions import raise_task
from scheduler.models import Infusion, StaffTask, TaskKind
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import SmallClinic


def broken(database: Database, row: Infusion) -> None:
    """A closure came over the visit."""
    with database.write() as session:
        raise_task(
            session,
            LATER,
            kind=TaskKind.VISIT_BROKEN,
            dedupe_key=f"visit_broken:{row.id}:{row.schedule_version}",
            site_id=row.site_id,
            infusion_id=row.id,
        )


def outcome(database: Database, row: Infusion) -> str | None:
    """How the task about a visit ended, None while it waits."""
    with database.read() as session:
        return session.scalars(select(StaffTask.outcome).where(StaffTask.infusion_id == row.id)).one()


def test_task_ends_with_the_move_of_its_visit_and_of_no_other(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        third, fourth = visits(session, course)[2:4]
    broken(database, third)
    broken(database, fourth)
    move = Placement(3, third.chair_id or 0, MONDAY + timedelta(days=4, minutes=30), third.id)
    database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [move], seen={third.id: 1}))
    assert outcome(database, third) == "The visit was moved."
    assert outcome(database, fourth) is None


def test_task_ends_when_its_visit_is_cancelled(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        last = visits(session, course)[5]
    broken(database, last)
    database.attempt(lambda s: cancel_visits(s, ROSA, LATER, course, [last.id], "Pump broken"))
    assert outcome(database, last) == "The visit is cancelled."

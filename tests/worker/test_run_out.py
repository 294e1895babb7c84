"""What a course on hold keeps is given back once its day has passed: by itself, once, and told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import select

from scheduler.actor import WORKER
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.courses.actions.hold import hold_course, resume_course
from scheduler.features.courses.actions.release import release_kept
from scheduler.features.courses.actions.undo import undo
from scheduler.features.courses.history import history_of_course
from scheduler.models import (
    AuditEvent,
    Course,
    CourseChange,
    CourseStatus,
    InfusionStatus,
    Message,
    Purpose,
    StaffTask,
)
from scheduler.worker.tick import Ticker
from tests.support.changes import LATER, ROSA, booked, confirmation_left, visits
from tests.support.clinic import SmallClinic
from tests.support.post import Clock, Recorder, post

UNTIL = date(2026, 11, 20)
LAST_MINUTE = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)  # Still the 20th in New York.
MIDNIGHT = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def held(database: Database, clinic: SmallClinic) -> int:
    """A course that keeps its six visits until `UNTIL`; its patient knows of them."""
    course = booked(database, clinic)
    confirmation_left(database)
    database.attempt(lambda s: hold_course(s, ROSA, LATER, course, "Ill", UNTIL))
    return course


def tick(database: Database, at: datetime) -> None:
    Ticker(post(database, Recorder(), Clock(at))).tick()


def released(database: Database) -> list[CourseChange]:
    with database.read() as session:
        return list(session.scalars(select(CourseChange).where(CourseChange.kind == "released")))


def test_kept_visits_are_given_back_when_the_day_is_over_at_the_site_and_not_before(
    database: Database, clinic: SmallClinic
) -> None:
    course = held(database, clinic)
    tick(database, LAST_MINUTE)
    assert database.attempt(lambda s: release_kept(s, WORKER, LAST_MINUTE, course)) is None
    assert released(database) == []
    tick(database, MIDNIGHT)
    tick(database, MIDNIGHT)
    [change] = released(database)
    with database.read() as session:
        found = session.get_one(Course, course)
        assert (found.status, found.hold_until) == (CourseStatus.ON_HOLD, None)
        assert {row.status for row in visits(session, course)} == {InfusionStatus.CANCELLED}
        told = session.scalars(select(Message).where(Message.purpose == Purpose.VISIT_CANCELLED)).all()
        assert len(told) == 6
        [task] = session.scalars(select(StaffTask).where(StaffTask.done_at.is_(None))).all()
        assert (task.kind.value, task.course_id) == ("hold_ends", course)
        assert "6 visits were given back. Resume it or end it." in task.facts["why"]
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "course.released")).one()
        newest = history_of_course(session, course, clinic.site.tz)[0]
    assert (newest.who, newest.reason) == (
        "worker",
        "Kept until Fri 20 Nov, and nobody resumed the course",
    )
    with pytest.raises(ConflictError, match="can't be undone"):  # It would run out again.
        database.attempt(lambda s: undo(s, ROSA, MIDNIGHT, change.id))


def test_many_workers_that_see_it_at_once_release_a_course_once(
    database: Database, clinic: SmallClinic
) -> None:
    course = held(database, clinic)
    start = Barrier(4)

    def work(_: int) -> bool:
        start.wait()
        return database.attempt(lambda s: release_kept(s, WORKER, MIDNIGHT, course)) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [False, False, False, True]
    assert len(released(database)) == 1
    with database.read() as session:
        told = session.scalars(select(Message.id).where(Message.purpose == Purpose.VISIT_CANCELLED)).all()
    assert len(told) == 6


def test_a_course_resumed_in_time_keeps_its_visits(database: Database, clinic: SmallClinic) -> None:
    course = held(database, clinic)
    database.attempt(lambda s: resume_course(s, ROSA, LAST_MINUTE, course))
    tick(database, MIDNIGHT)
    assert released(database) == []
    with database.read() as session:
        assert {row.status for row in visits(session, course)} == {InfusionStatus.SCHEDULED}

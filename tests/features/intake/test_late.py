"""A request whose next step is late becomes a task of the staff, once for each day that was missed."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.intake.late import tend_late
from scheduler.features.intake.steps import advance, set_next
from scheduler.features.tasks.actions import settle_task
from scheduler.models import RequestStatus, StaffTask
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, TODAY, small_clinic
from tests.support.requests import ROSA, make_request

WEDNESDAY = NOW + timedelta(days=2)


def open_tasks(session: Session, at: datetime) -> list[StaffTask]:
    """What waits after the worker has looked at `at`."""
    tend_late(session, at)
    return list(session.scalars(select(StaffTask).where(StaffTask.done_at.is_(None)).order_by(StaffTask.id)))


def test_a_late_step_is_a_task_until_somebody_takes_it(database: Database) -> None:
    with database.write() as session:
        request = make_request(session, small_clinic(session))
        assert not open_tasks(session, NOW + timedelta(days=1)), "it is due today"
        (task,) = open_tasks(session, WEDNESDAY)
        assert task.facts["request_id"] == request.id
        assert open_tasks(session, WEDNESDAY) == [task]
        set_next(session, ROSA, WEDNESDAY, request, "Call again", TODAY + timedelta(days=3))
        assert not open_tasks(session, WEDNESDAY)
        assert len(open_tasks(session, NOW + timedelta(days=4))) == 1, "the new day was missed, too"


def test_who_settles_the_task_is_not_told_of_the_same_day_again(sqlite: Database) -> None:
    with sqlite.write() as session:
        make_request(session, small_clinic(session))
        (task,) = open_tasks(session, WEDNESDAY)
        settle_task(session, ROSA, WEDNESDAY, task.id, "They are away until Friday")
        assert not open_tasks(session, WEDNESDAY + timedelta(days=1))


def test_the_task_ends_with_the_course_that_was_booked(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic = small_clinic(session)
        request = make_request(session, clinic, patient_id=clinic.patient.id)
        for step in (RequestStatus.CONTACTED, RequestStatus.SEEN, RequestStatus.SUITABLE):
            advance(session, ROSA, NOW, request, step)
        assert len(open_tasks(session, NOW + timedelta(days=9))) == 1
        course, _ = make_course(session, clinic, [wall(clinic, "2026-11-30 09:30")])
        assert course.booked_at >= request.received_at
        assert not open_tasks(session, NOW + timedelta(days=9))

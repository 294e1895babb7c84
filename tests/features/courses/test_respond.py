"""What a patient says of a visit frees nothing, moves nothing, and holds for the time it was said of."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.courses.actions.respond import ask_change, confirm
from scheduler.models import CourseChange, InfusionStatus, StaffTask, TaskKind
from tests.support.changes import LATER, MONDAY, ROSA, booked, visits
from tests.support.clinic import SmallClinic

PATIENT = Actor(None, "patient")


def test_a_confirmation_is_written_once_with_its_way(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        row = visits(session, course)[2]
        first = confirm(session, PATIENT, LATER, row.id, "text", seen_version=1)
        again = confirm(session, PATIENT, LATER, row.id, "page", seen_version=1)
    with database.read() as session:
        row = visits(session, course)[2]
        kinds = session.scalars(select(CourseChange.kind).order_by(CourseChange.id)).all()
    assert first is not None
    assert again is None
    assert (row.confirmation, row.confirmation_source, row.confirmation_at) == ("confirmed", "text", LATER)
    assert row.schedule_version == 1
    assert kinds.count("confirmed") == 1


def test_a_moved_visit_asks_anew_and_takes_no_answer_to_its_old_time(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        row = visits(session, course)[2]
        confirm(session, PATIENT, LATER, row.id, "page", seen_version=1)
        start = MONDAY + timedelta(days=4, minutes=30)
        place_visits(
            session, ROSA, LATER, course, [Placement(3, row.chair_id or 0, start, row.id)], seen={row.id: 1}
        )
    with database.read() as session:
        row = visits(session, course)[2]
        assert (row.confirmation, row.confirmation_source, row.confirmation_at) == ("none", None, None)
    with database.write() as session, pytest.raises(ConflictError, match="was moved to Friday"):
        confirm(session, PATIENT, LATER, row.id, "text", seen_version=1)


def test_asking_for_another_time_raises_one_task_and_the_visit_stands(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        row = visits(session, course)[2]
        for _ in range(2):
            ask_change(session, PATIENT, LATER, row.id, "page", " Thursday   is bad ", seen_version=1)
    with database.read() as session:
        row = visits(session, course)[2]
        tasks = session.scalars(select(StaffTask).where(StaffTask.kind == TaskKind.CHANGE_ASKED)).all()
        assert (row.confirmation, row.status) == ("change_asked", InfusionStatus.SCHEDULED)
        assert [(task.infusion_id, task.facts["why"], task.done_at) for task in tasks] == [
            (row.id, "Thursday is bad", None)
        ]
    with database.write() as session:
        confirm(session, PATIENT, LATER, row.id, "page", seen_version=1)
        assert session.scalars(select(StaffTask.outcome)).all() == ["The patient comes after all."]


def test_a_visit_that_is_off_or_has_begun_takes_no_answer(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        first, second = visits(session, course)[:2]
        second.status = InfusionStatus.CANCELLED
        session.flush()
        with pytest.raises(ConflictError, match="is cancelled"):
            ask_change(session, PATIENT, LATER, second.id, "text", seen_version=1)
        with pytest.raises(RuleError, match="has begun"):
            confirm(session, PATIENT, first.starts_at, first.id, "text", seen_version=1)

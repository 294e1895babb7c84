"""A visit's life: only the table's steps, never over somebody else's, with history, tasks and messages."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.counts import say_counts
from scheduler.features.courses.actions.discontinue import discontinue_course
from scheduler.features.courses.actions.hold import hold_course, resume_course
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.courses.actions.step import take_step
from scheduler.features.courses.actions.undo import undo
from scheduler.features.courses.history import history_of_visit
from scheduler.features.courses.standing import open_numbers
from scheduler.features.courses.transitions import TRANSITIONS, Step, steps_from
from scheduler.features.reminders.queries import planned_reminders
from scheduler.models import (
    Course,
    CourseStatus,
    InfusionStatus,
    Message,
    MessageStatus,
    Purpose,
    StaffTask,
)
from tests.support.changes import LATER, MONDAY, ROSA, booked, confirmation_left, visits
from tests.support.clinic import SmallClinic

S = InfusionStatus
DAY = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)  # The first visit's start.
ANA = type(ROSA)(None, "Ana", "127.0.0.2")


def step(
    database: Database, number: int, name: Step, seen: InfusionStatus, at: datetime = DAY, **more: object
) -> int:
    """Take a step on a visit by its id, which is its number in an empty clinic; gives the change."""
    return database.attempt(
        lambda s: take_step(s, ROSA, at, number, name, seen=seen, **more)  # type: ignore[arg-type]
    ).change_id


def state(database: Database, course: int) -> list[str]:
    """The states of a course's visits."""
    with database.read() as session:
        return [row.status.value for row in visits(session, course)]


def test_the_usual_day_goes_from_scheduled_to_completed(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    for name, seen in ((Step.ARRIVE, S.SCHEDULED), (Step.START, S.ARRIVED), (Step.COMPLETE, S.IN_PROGRESS)):
        step(database, 1, name, seen)
    with database.read() as session:
        rows = visits(session, course)
        lines = history_of_visit(session, 1, clinic.site.tz, DAY)
    assert rows[0].status is S.COMPLETED
    assert (rows[0].arrived_at, rows[0].started_at, rows[0].completed_at) == (DAY, DAY, DAY)
    assert sum(row.counted for row in rows) == 1
    assert [line.words for line in lines] == [
        "Completed",
        "Started",
        "Arrived",
        "Booked: on Mon 30 Nov 09:30",
    ]
    assert [line.can_undo for line in lines] == [True, True, True, False]


@pytest.mark.parametrize("name", list(Step))
def test_no_step_is_taken_from_a_state_it_does_not_follow(
    database: Database, clinic: SmallClinic, name: Step
) -> None:
    booked(database, clinic)
    for seen in S:
        if name not in steps_from(seen):
            with pytest.raises(RuleError, match="does not follow"):
                step(database, 1, name, seen, reason="because")


def test_overtaken_by_somebody_else_both_values_are_told(database: Database, clinic: SmallClinic) -> None:
    booked(database, clinic)
    step(database, 1, Step.MISS, S.SCHEDULED, DAY + timedelta(hours=1))
    with pytest.raises(ConflictError, match=r"changed by Rosa at 10:30: it is missed now. You asked for"):
        step(database, 1, Step.ARRIVE, S.SCHEDULED, DAY + timedelta(hours=1))


@pytest.mark.parametrize("name", [each for each in Step if TRANSITIONS[each].needs_reason])
def test_corrections_and_refusals_ask_for_a_reason(
    database: Database, clinic: SmallClinic, name: Step
) -> None:
    booked(database, clinic)
    way = {S.ARRIVED: 1, S.IN_PROGRESS: 2}.get(TRANSITIONS[name].before, 0)
    for each, seen in ((Step.ARRIVE, S.SCHEDULED), (Step.START, S.ARRIVED))[:way]:
        step(database, 1, each, seen)
    if TRANSITIONS[name].before is S.MISSED:
        step(database, 1, Step.MISS, S.SCHEDULED, DAY + timedelta(hours=1))
    with pytest.raises(RuleError, match="Write the reason"):
        step(database, 1, name, TRANSITIONS[name].before, reason=" ")


def test_a_missed_visit_opens_its_number_raises_a_task_and_takes_a_replacement(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    at = DAY + timedelta(hours=1)
    step(database, 1, Step.MISS, S.SCHEDULED, at)
    with database.read() as session:
        assert open_numbers(visits(session, course), 6) == [1]
        task = session.scalars(select(StaffTask)).one()
        assert (task.kind.value, task.facts, task.done_at) == ("replan", {"numbers": [1]}, None)
    late = Placement(1, clinic.chairs[0].id, MONDAY + timedelta(days=1, hours=4), None)
    with pytest.raises(RuleError, match="too soon"):
        database.attempt(lambda s: place_visits(s, ROSA, at, course, [late], seen={}, kind="replaced"))
    cancelled = [2, 3, 4, 5, 6]
    database.attempt(lambda s: cancel_visits(s, ROSA, at, course, cancelled, "Replanned"))
    done = database.attempt(lambda s: place_visits(s, ROSA, at, course, [late], seen={}, kind="replaced"))
    with database.read() as session:
        new = visits(session, course)[1]
        old = visits(session, course)[0]
    assert (new.id, new.number, new.replaces_id, new.status) == (done.infusion_ids[0], 1, 1, S.SCHEDULED)
    assert new.ics_uid != old.ics_uid
    assert done.messages == 1


def test_a_visit_is_not_missed_before_it_begins(database: Database, clinic: SmallClinic) -> None:
    booked(database, clinic)
    with pytest.raises(RuleError, match="not begun"):
        step(database, 1, Step.MISS, S.SCHEDULED, LATER)


def test_a_stopped_infusion_that_does_not_count_adds_a_number_at_the_end(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    step(database, 1, Step.ARRIVE, S.SCHEDULED)
    step(database, 1, Step.START, S.ARRIVED)
    step(database, 1, Step.STOP, S.IN_PROGRESS, reason="Felt sick")
    with database.read() as session:
        assert sum(row.counted for row in visits(session, course)) == 0
        assert session.scalars(select(StaffTask)).one().kind.value == "counts"
    database.attempt(lambda s: say_counts(s, ROSA, DAY, 1, counts=False))
    with database.read() as session:
        assert open_numbers(visits(session, course), 6) == [7]
    database.attempt(lambda s: say_counts(s, ROSA, DAY, 1, counts=True))
    with database.read() as session:
        assert open_numbers(visits(session, course), 6) == []
        assert sum(row.counted for row in visits(session, course)) == 1


def test_the_last_completed_visit_completes_the_course_and_its_undo_reopens_it(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    for number, days in enumerate((0, 2, 4, 7, 9, 11), 1):
        at = DAY + timedelta(days=days)
        step(database, number, Step.ARRIVE, S.SCHEDULED, at)
        step(database, number, Step.START, S.ARRIVED, at)
        last = step(database, number, Step.COMPLETE, S.IN_PROGRESS, at)
    with database.read() as session:
        assert session.get_one(Course, course).status is CourseStatus.COMPLETED
    database.attempt(lambda s: undo(s, ROSA, at, last))
    with database.read() as session:
        found = session.get_one(Course, course)
        assert (found.status, found.closed_at) == (CourseStatus.ACTIVE, None)
        assert visits(session, course)[5].status is S.IN_PROGRESS


def test_cancelling_tells_the_patient_and_undoing_makes_a_new_calendar_entry(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    done = database.attempt(lambda s: cancel_visits(s, ROSA, LATER, course, [3, 4], "On holiday"))
    assert done.messages == 2
    with database.write() as session:
        for message in session.scalars(select(Message).where(Message.purpose == Purpose.VISIT_CANCELLED)):
            message.status = MessageStatus.SENT
    back = database.attempt(lambda s: undo(s, ROSA, LATER, done.change_id))
    with database.read() as session:
        rows = visits(session, course)
    assert back.messages == 2
    assert [row.number for row in rows] == [1, 2, 3, 3, 4, 4, 5, 6]
    assert [row.status.value for row in rows if row.number == 3] == ["cancelled", "scheduled"]
    assert len({row.ics_uid for row in rows}) == 8
    assert rows[2].ics_sequence == 1


def test_an_undo_after_ten_minutes_or_over_somebody_elses_change_says_why(
    database: Database, clinic: SmallClinic
) -> None:
    booked(database, clinic)
    arrived = step(database, 1, Step.ARRIVE, S.SCHEDULED)
    with pytest.raises(ConflictError, match="ten minutes"):
        database.attempt(lambda s: undo(s, ROSA, DAY + timedelta(minutes=11), arrived))
    database.attempt(lambda s: take_step(s, ANA, DAY, 1, Step.START, seen=S.ARRIVED))
    with pytest.raises(ConflictError, match="changed by Ana"):
        database.attempt(lambda s: undo(s, ROSA, DAY, arrived))


def test_the_same_step_clicked_twice_is_taken_once(database: Database, clinic: SmallClinic) -> None:
    booked(database, clinic)
    first = step(database, 1, Step.ARRIVE, S.SCHEDULED)
    assert step(database, 1, Step.ARRIVE, S.SCHEDULED) == first


@pytest.mark.parametrize("keep", [True, False])
def test_a_course_on_hold_keeps_or_releases_its_visits_and_goes_on(
    database: Database, clinic: SmallClinic, keep: bool
) -> None:
    course = booked(database, clinic)
    until = MONDAY.date() if keep else None
    database.attempt(lambda s: hold_course(s, ROSA, LATER, course, "Ill", until))
    assert set(state(database, course)) == {"scheduled" if keep else "cancelled"}
    with database.read() as session:
        assert planned_reminders(session, course, LATER) == []
        kinds = [task.kind.value for task in session.scalars(select(StaffTask))]
        assert kinds == (["hold_ends"] if keep else [])
    with pytest.raises(ConflictError, match="on hold"):
        step(database, 1, Step.ARRIVE, S.SCHEDULED) if keep else database.attempt(
            lambda s: place_visits(s, ROSA, LATER, course, [], seen={})
        )
    database.attempt(lambda s: resume_course(s, ROSA, LATER, course))
    with database.read() as session:
        found = session.get_one(Course, course)
        assert (found.status, found.hold_until) == (CourseStatus.ACTIVE, None)
        waiting = session.scalars(select(StaffTask).where(StaffTask.done_at.is_(None))).all()
        assert [task.kind.value for task in waiting] == ([] if keep else ["replan"])


def test_a_discontinued_course_cancels_what_is_to_come_and_its_undo_brings_it_back(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with pytest.raises(RuleError, match="Write why"):
        database.attempt(lambda s: discontinue_course(s, ROSA, LATER, course, ""))
    done = database.attempt(lambda s: discontinue_course(s, ROSA, LATER, course, "Moved away"))
    assert set(state(database, course)) == {"cancelled"}
    database.attempt(lambda s: undo(s, ROSA, LATER, done.change_id))
    with database.read() as session:
        assert session.get_one(Course, course).status is CourseStatus.ACTIVE
        assert open_numbers(visits(session, course), 6) == []

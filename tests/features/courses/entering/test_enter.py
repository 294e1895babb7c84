"""A clinic that moves in enters its courses: what was stays as it was, what comes needs room."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.counts import say_counts
from scheduler.features.courses.actions.enter import enter_course
from scheduler.features.courses.actions.place import place_visits
from scheduler.features.courses.actions.undo import undo
from scheduler.features.courses.entering.entry import CourseEntry, EnteredVisit, Was
from scheduler.features.courses.placing import Done, Placement
from scheduler.features.desk.queries.course import CoursePage, course_page
from scheduler.models import (
    Course,
    CourseStatus,
    Infusion,
    InfusionStatus,
    Message,
    StaffTask,
    TimePoint,
)
from tests.support.booked import make_course, wall
from tests.support.changes import ROSA, visits
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.visits import add_rating

TIM = Actor(None, "Tim")

DAYS = ("10-19", "10-21", "10-23", "10-26", "10-28", "10-30")
KEY = "key-of-an-entered-course"


def on(day: str, was: Was = Was.COMPLETED, chair: int | None = None, at: str = "09:30") -> EnteredVisit:
    """A line of 2026, such as `10-19`."""
    return EnteredVisit(was, datetime.fromisoformat(f"2026-{day}T{at}"), chair)


def entry(clinic: SmallClinic, lines: Sequence[EnteredVisit], ended: str = "", key: str = KEY) -> CourseEntry:
    """A course of the clinic's patient."""
    version = clinic.protocol_version.id
    return CourseEntry(clinic.patient.id, clinic.site.id, version, tuple(lines), ended, key)


def enter(database: Database, wanted: CourseEntry) -> Done:
    """Enter it in a transaction of its own."""
    return database.attempt(lambda session: enter_course(session, ROSA, NOW, wanted))


def page_of(database: Database, done: Done) -> CoursePage:
    """The course as the desk sees it."""
    with database.read() as session:
        return course_page(session, done.course_id, NOW)


def test_a_finished_course_is_completed_on_its_own_last_day_and_nobody_is_written_to(
    database: Database, clinic: SmallClinic
) -> None:
    done = enter(database, entry(clinic, [on(day) for day in DAYS]))
    with database.read() as session:
        course = session.get_one(Course, done.course_id)
        rows = visits(session, course.id)
        assert session.scalars(select(Message)).all() == []
        assert session.scalars(select(StaffTask)).all() == []
    assert (course.status, course.entered) == (CourseStatus.COMPLETED, True)
    assert course.closed_at == rows[-1].completed_at == wall(clinic, "2026-10-30 11:30")
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {row.chair_id for row in rows} == {None}
    assert rows[0].started_at == wall(clinic, "2026-10-19 09:30")
    page = page_of(database, done)
    assert (page.completed, page.planned) == (6, 6)


def test_the_visit_after_a_missed_one_takes_its_number_and_three_of_six_are_counted(
    database: Database, clinic: SmallClinic
) -> None:
    lines = [on("10-21"), on("10-23"), on("10-26", Was.MISSED), on("10-28"), on("10-30", Was.MISSED)]
    done = enter(database, entry(clinic, lines))
    with database.read() as session:
        rows = visits(session, done.course_id)
        task = session.scalars(select(StaffTask)).one()
    assert [(row.number, row.status.value) for row in rows] == [
        (1, "completed"), (2, "completed"), (3, "missed"), (3, "completed"), (4, "missed"),
    ]  # fmt: skip
    assert rows[3].replaces_id == rows[2].id
    assert task.facts == {"numbers": [4, 5, 6]}
    page = page_of(database, done)
    assert (page.completed, page.planned, page.unplanned) == (3, 6, [4, 5, 6])


def test_what_was_stopped_early_counts_only_once_a_clinician_says_so(
    database: Database, clinic: SmallClinic
) -> None:
    lines = [on(day) for day in DAYS[:5]] + [on(DAYS[5], Was.STOPPED)]
    done = enter(database, entry(clinic, lines))
    assert page_of(database, done).completed == 5
    database.attempt(lambda session: say_counts(session, ROSA, NOW, done.infusion_ids[-1], counts=True))
    page = page_of(database, done)
    assert (page.completed, page.status) == (6, "completed")


def test_one_that_does_not_count_leaves_room_for_a_seventh(database: Database, clinic: SmallClinic) -> None:
    lines = [on("10-16", Was.STOPPED_NOT), *(on(day) for day in DAYS)]
    page = page_of(database, enter(database, entry(clinic, lines)))
    assert (page.completed, page.planned, page.status) == (6, 6, "completed")
    eight = [on("10-14"), *lines]
    with pytest.raises(RuleError, match="has 7 visits, and the lines make 8"):
        enter(database, entry(clinic, eight, key="another-key-of-a-course"))


def test_visits_to_come_take_their_chairs_and_are_told_in_one_message(
    database: Database, clinic: SmallClinic
) -> None:
    chair = clinic.chairs[0].id
    lines = [*(on(day) for day in DAYS[3:]), on("11-04", Was.AHEAD, chair), on("11-06", Was.AHEAD, chair)]
    done = enter(database, entry(clinic, lines))
    assert done.messages == 1
    with database.read() as session:
        rows = visits(session, done.course_id)
        message, *invitations = session.scalars(select(Message).order_by(Message.id))
    assert [row.status.value for row in rows] == ["completed"] * 3 + ["scheduled"] * 2
    assert [visit["infusion_id"] for visit in message.facts["visits"]] == [row.id for row in rows[3:]]
    assert [each.infusion_id for each in invitations] == [row.id for row in rows[3:]]
    assert page_of(database, done).unplanned == [6]


def test_a_visit_to_come_on_a_taken_chair_is_refused_with_who_is_in_the_way(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        make_course(session, clinic, [wall(clinic, "2026-11-04 09:30")], patient=other)
    lines = [on("10-30"), on("11-04", Was.AHEAD, clinic.chairs[0].id, "10:00")]
    with pytest.raises(ConflictError, match=r"No. 2, Wed 4 Nov 10:00: Chair 1 is taken then"):
        enter(database, entry(clinic, lines))
    with database.read() as session:
        assert session.scalars(select(Course).where(Course.entered)).all() == []


def test_a_chair_of_another_site_is_refused_beside_its_line(
    sqlite: Database, desk_clinic: SmallClinic
) -> None:
    lines = [on("10-30"), on("11-04", Was.AHEAD, 99)]
    with pytest.raises(RuleError, match="This chair is not at Riverside") as caught:
        enter(sqlite, entry(desk_clinic, lines))
    assert caught.value.extra["line"] == 1


def test_a_visit_to_come_keeps_its_distance_from_the_last_one(
    database: Database, clinic: SmallClinic
) -> None:
    lines = [on("10-30"), on("11-20", Was.AHEAD, clinic.chairs[0].id)]
    with pytest.raises(RuleError, match="Visit 2 would come 21 days after visit 1, too late"):
        enter(database, entry(clinic, lines))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([on("11-03")], "said to be over, and its time is still to come"),
        ([on("10-30"), on("10-28")], "does not come on a later day"),
        ([on("10-30"), on("10-30", at="15:00")], "does not come on a later day"),
        ([EnteredVisit(Was.OPEN, None)], "at least one visit that is over"),
        ([on("10-30"), on("10-31", Was.AHEAD, 1)], "time has passed"),
    ],
)
def test_dates_that_can_not_be_are_refused(
    sqlite: Database, desk_clinic: SmallClinic, lines: list[EnteredVisit], words: str
) -> None:
    with pytest.raises(RuleError, match=words):
        enter(sqlite, entry(desk_clinic, lines))


def test_a_missed_visit_may_be_made_up_on_the_same_day(sqlite: Database, desk_clinic: SmallClinic) -> None:
    lines = [on("10-28"), on("10-30", Was.MISSED), on("10-30", at="15:00")]
    assert page_of(sqlite, enter(sqlite, entry(desk_clinic, lines))).completed == 2


def test_a_course_that_was_ended_early_stays_ended(sqlite: Database, desk_clinic: SmallClinic) -> None:
    done = enter(sqlite, entry(desk_clinic, [on(day) for day in DAYS[:4]], ended="Moved away"))
    page = page_of(sqlite, done)
    assert (page.status, page.status_reason, page.completed, page.planned) == (
        "discontinued", "Moved away", 4, 6,
    )  # fmt: skip
    with sqlite.read() as session:
        assert session.scalars(select(StaffTask)).all() == []


def test_a_patient_has_one_course_at_a_time(sqlite: Database, desk_clinic: SmallClinic) -> None:
    enter(sqlite, entry(desk_clinic, [on(day) for day in DAYS[:4]]))
    later = entry(desk_clinic, [on("10-29")], key="another-key-of-a-course")
    with pytest.raises(ConflictError, match=r"Marta Lindqvist has a course that goes on in that time"):
        enter(sqlite, later)
    before = entry(desk_clinic, [on("09-14"), on("09-16")], "Ill", key="another-key-of-a-course")
    enter(sqlite, before)


def test_a_second_click_enters_nothing_again(database: Database, clinic: SmallClinic) -> None:
    first, second = (enter(database, entry(clinic, [on(day) for day in DAYS])) for _ in range(2))
    assert (first.replayed, second.replayed) == (False, True)
    assert first.course_id == second.course_id
    with pytest.raises(ConflictError, match="with other lines"):
        enter(database, entry(clinic, [on(DAYS[0])]))


def test_entering_is_undone_within_ten_minutes_and_can_be_done_again(
    database: Database, clinic: SmallClinic
) -> None:
    chair = clinic.chairs[0].id
    wanted = [on("10-30"), on("11-04", Was.AHEAD, chair)]
    done = enter(database, entry(clinic, wanted))
    later = NOW + timedelta(minutes=9)
    database.attempt(lambda session: undo(session, ROSA, later, done.change_id))
    page = page_of(database, done)
    assert (page.status, page.completed) == ("discontinued", 0)
    with database.read() as session:
        rows = visits(session, done.course_id)
        assert {row.status for row in rows} == {InfusionStatus.CANCELLED}
        assert all(task.done_at for task in session.scalars(select(StaffTask)))
    enter(database, entry(clinic, wanted, key="another-key-of-a-course"))


def test_entering_is_not_undone_under_a_rating_or_a_later_visit(
    sqlite: Database, desk_clinic: SmallClinic
) -> None:
    done = enter(sqlite, entry(desk_clinic, [on("10-30")]))
    with sqlite.write() as session:
        add_rating(session, visits(session, done.course_id)[0], TimePoint.PRE, 7)
    with pytest.raises(ConflictError, match="A rating was recorded since"):
        sqlite.attempt(lambda session: undo(session, ROSA, NOW, done.change_id))
    spot = Placement(2, desk_clinic.chairs[0].id, datetime(2026, 11, 4, 9, 30), None)  # noqa: DTZ001
    sqlite.attempt(lambda s: place_visits(s, TIM, NOW, done.course_id, [spot], seen={}, kind="replaced"))
    with pytest.raises(ConflictError, match="was changed by Tim since it was entered"):
        sqlite.attempt(lambda session: undo(session, ROSA, NOW, done.change_id))


def test_entering_is_not_undone_once_something_followed(database: Database, clinic: SmallClinic) -> None:
    done = enter(database, entry(clinic, [on("10-28"), on("10-30", Was.STOPPED)]))
    database.attempt(lambda session: say_counts(session, ROSA, NOW, done.infusion_ids[-1], counts=True))
    with pytest.raises(ConflictError, match=r"Visit no\. 2 was changed by Rosa"):
        database.attempt(lambda session: undo(session, ROSA, NOW, done.change_id))
    with database.read() as session:
        kept = session.scalars(select(Infusion.status).where(Infusion.course_id == done.course_id)).all()
    assert set(kept) == {InfusionStatus.COMPLETED}

"""The list of those in the eight weeks after a course: what is due, given and missed."""

from datetime import timedelta

import pytest

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.ratings.instruments import GAD7
from scheduler.features.ratings.occasions import State
from scheduler.features.reports.follow_up.queries import follow_ups
from scheduler.features.tasks.alerting.causes import Cause
from scheduler.features.tasks.alerting.settle import settle_alerts
from scheduler.models import AlertKind, Course, CourseStatus, TimePoint
from tests.features.conftest import SignedIn
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient
from tests.support.visits import add_course, add_rating, add_six, add_visit

FACTS = {"instrument": "GAD-7", "total": 14, "week": 3, "baseline": 16}


@pytest.fixture
def after(database: Database, clinic: SmallClinic) -> SmallClinic:
    """Marta's course (1) ended four weeks ago, Otto's (2) ten days ago, Ida's (3) nine weeks ago.

    Marta gave weeks 1 and 3; Otto has given nothing.
    """
    with database.write() as session:
        otto, ida = (make_patient(session, clinic.site, number, given_name="Otto") for number in (2, 3))
        for patient, days in ((clinic.patient, 28), (otto, 10), (ida, 63)):
            course, visits = add_six(session, clinic, [TODAY - timedelta(days)], patient=patient, completed=1)
            course.status, course.closed_at = CourseStatus.COMPLETED, visits[-1].ends_at
            if patient is clinic.patient:
                for week in (1, 3):
                    at = visits[0].starts_at + timedelta(weeks=week)
                    add_rating(session, visits[0], TimePoint.WEEKLY, 14, at, instrument=GAD7, week=week)
                cause = Cause(AlertKind.RELAPSE, "gad7:1", ("weekly",), facts=FACTS)
                settle_alerts(session, Actor(None, "worker"), NOW, course.id, [cause.kind], [cause])
    return clinic


def test_each_course_stands_with_its_weeks_and_who_has_something_to_give_comes_first(
    database: Database, after: SmallClinic
) -> None:
    with database.read() as session:
        otto, marta = follow_ups(session, NOW)
    assert (otto.course_id, otto.week, otto.given, otto.missed, otto.waits) == (2, 1, [], [], State.LATE)
    assert otto.since == TODAY - timedelta(days=3) and otto.last_day == TODAY - timedelta(days=10)
    assert (marta.course_id, marta.week, marta.given, marta.missed) == (1, 4, [1, 3], [2])
    assert marta.waits is State.DUE and marta.prompts == [AlertKind.RELAPSE] and marta.next_day is None


def test_a_booster_that_is_booked_stands_as_the_next_visit(database: Database, after: SmallClinic) -> None:
    with database.write() as session:
        soon = NOW + timedelta(days=2)
        add_visit(session, add_course(session, after), after.chairs[0], 1, soon)
    with database.read() as session:
        assert {one.course_id: one.next_day for one in follow_ups(session, NOW)}[1] == TODAY + timedelta(2)
        assert follow_ups(session, NOW, site_id=99) == []


def test_archived_patients_and_courses_under_way_are_not_on_the_list(
    database: Database, after: SmallClinic
) -> None:
    with database.write() as session:
        session.get_one(Course, 2).status = CourseStatus.ACTIVE
        session.merge(after.patient).archived_at = NOW
    with database.read() as session:
        assert follow_ups(session, NOW) == []


def test_the_front_desk_sees_who_is_due_but_not_what_waits_for_a_clinician(
    as_role: SignedIn, after: SmallClinic
) -> None:
    desk, nurse = (as_role(role).get("/reports/follow-up").text for role in ("front_desk", "nurse"))
    for page in (desk, nurse):
        assert "Marta Lindqvist" in page and "4 of 8" in page and "1, 3" in page
        assert ">14<" not in page
    assert "Symptoms have returned" in nurse and "/courses/1/booster" in nurse
    assert "Symptoms have returned" not in desk and "/courses/1/booster" not in desk
    assert "Follow-up" not in as_role("administrator").get("/reports/use").text

"""What became of the courses that were booked."""

from datetime import timedelta

from scheduler.db import Database
from scheduler.features.capacity.queries import sites
from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.courses import CoursesReport, courses_report
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.visits import add_six, add_visit, local

DAYS = [TODAY - timedelta(days=days) for days in (20, 18, 16, 13, 11, 9)]


def report(database: Database) -> CoursesReport:
    with database.read() as session:
        return courses_report(session, Cover(TODAY, TODAY, tuple(sites(session)), None, {}, {}, NOW))


def course(
    database: Database, clinic: SmallClinic, status: CourseStatus, *, clock: str = "09:00", completed: int = 6
) -> tuple[Course, list[Infusion]]:
    with database.write() as session:
        made, visits = add_six(session, clinic, DAYS, clock, completed=completed)
        made.status = status
        return made, visits


def test_a_finished_course_whose_visits_never_changed_went_as_planned(
    database: Database, clinic: SmallClinic
) -> None:
    course(database, clinic, CourseStatus.COMPLETED)
    whole = report(database).whole
    assert (whole.booked, whole.finished, whole.as_planned, whole.mean_span) == (1, 1, 1, 12)


def test_a_moved_or_missed_visit_makes_a_course_finished_but_not_as_planned(
    database: Database, clinic: SmallClinic
) -> None:
    _, moved = course(database, clinic, CourseStatus.COMPLETED)
    _, missed = course(database, clinic, CourseStatus.COMPLETED, clock="13:00")
    with database.write() as session:
        session.get_one(Infusion, moved[2].id).schedule_version = 2
        session.get_one(Infusion, missed[2].id).status = InfusionStatus.MISSED
    whole = report(database).whole
    assert (whole.finished, whole.as_planned, whole.moved, whole.gone, whole.visits) == (2, 0, 1, 1, 12)


def test_a_course_longer_than_its_protocol_did_not_go_as_planned(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        made, _ = add_six(session, clinic, [*DAYS[:5], DAYS[0] + timedelta(days=14)], completed=6)
        made.status = CourseStatus.COMPLETED
    assert (report(database).whole.finished, report(database).whole.as_planned) == (1, 0)


def test_a_stopped_infusion_that_counts_is_as_planned_and_one_more_visit_in_its_place_is_not(
    database: Database, clinic: SmallClinic
) -> None:
    _, stopped = course(database, clinic, CourseStatus.COMPLETED)
    made, again = course(database, clinic, CourseStatus.COMPLETED, clock="13:00")
    with database.write() as session:
        for row, counts in ((stopped[2], True), (again[2], False)):
            found = session.get_one(Infusion, row.id)
            found.stopped_early, found.counts = True, counts
        day = DAYS[5] + timedelta(days=1)
        add_visit(
            session, made, clinic.chairs[0], 7, local(clinic.site, day, "13:00"), InfusionStatus.COMPLETED
        )
    whole = report(database).whole
    assert (whole.finished, whole.as_planned, whole.moved, whole.gone) == (2, 1, 0, 0)


def test_running_held_and_discontinued_courses_are_told_apart(
    database: Database, clinic: SmallClinic
) -> None:
    course(database, clinic, CourseStatus.ACTIVE, completed=2)
    course(database, clinic, CourseStatus.ON_HOLD, clock="11:00", completed=2)
    course(database, clinic, CourseStatus.DISCONTINUED, clock="13:00", completed=2)
    whole = report(database).whole
    assert (whole.booked, whole.finished, whole.running, whole.on_hold, whole.discontinued) == (3, 0, 1, 1, 1)
    assert whole.mean_span is None


def test_a_course_that_was_entered_from_elsewhere_does_not_count(
    database: Database, clinic: SmallClinic
) -> None:
    made, _ = course(database, clinic, CourseStatus.COMPLETED)
    with database.write() as session:
        session.get_one(Course, made.id).entered = True
    assert report(database).whole.booked == 0

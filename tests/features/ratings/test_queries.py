"""Reading ratings: trajectories in pairs, and what the front desk may know."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.errors import NotFoundError
from scheduler.features.ratings import queries
from scheduler.models import InfusionStatus, TimePoint
from scheduler.rendering.svg import rows
from tests.support.clinic import NOW, TODAY, small_clinic
from tests.support.visits import add_course, add_rating, add_six, add_visit, local

PRE, POST = TimePoint.PRE, TimePoint.POST_2H
DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -5, -3, 0, 2, 4)]


def test_each_infusion_is_one_pair_and_a_voided_rating_is_not_drawn(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course, visits = add_six(session, clinic, DAYS, completed=3)
        wrong = add_rating(session, visits[0], PRE, 2)
        wrong.voided_at, wrong.void_reason = NOW, "Misheard"
        session.flush()
        add_rating(session, visits[0], PRE, 8)
        add_rating(session, visits[0], POST, 5)
        add_rating(session, visits[1], PRE, 7)
        lost = add_rating(session, visits[1], POST, 1)
        lost.voided_at, lost.void_reason = NOW, "Of another patient"
    with database.read() as session:
        drawn = queries.trajectory(session, course.id, NOW)
    assert [(p.number, p.pre, p.post_2h) for p in drawn.points[:3]] == [
        (1, 8, 5),
        (2, 7, None),
        (3, None, None),
    ]
    assert [p.day for p in drawn.points] == DAYS


def test_only_a_rating_that_could_have_been_given_is_shown_as_missing(database: Database) -> None:
    with database.write() as session:
        course, _ = add_six(session, small_clinic(session), DAYS, "09:00", completed=3)
    with database.read() as session:
        drawn = queries.trajectory(session, course.id, NOW)
    assert [(p.pre_due, p.post_due) for p in drawn.points] == [
        (True, True), (True, True), (True, True), (True, False), (False, False), (False, False),
    ]  # fmt: skip


def test_a_missed_visit_has_no_point_and_its_replacement_has(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course = add_course(session, clinic)
        for day, number, status in ((-4, 1, "completed"), (-2, 2, "missed"), (-1, 2, "completed")):
            start = local(clinic.site, TODAY + timedelta(days=day), "09:00")
            add_visit(session, course, clinic.chairs[0], number, start, InfusionStatus(status))
    with database.read() as session:
        drawn = queries.trajectory(session, course.id, NOW)
    assert [(p.number, p.day) for p in drawn.points] == [(1, date(2026, 10, 29)), (2, date(2026, 11, 1))]


def test_a_course_that_is_not_there_has_no_trajectory(sqlite: Database) -> None:
    with sqlite.read() as session, pytest.raises(NotFoundError):
        queries.trajectory(session, 99, NOW)


def test_due_tells_the_front_desk_that_a_rating_waits_and_nothing_else(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course, visits = add_six(session, clinic, DAYS, "09:00", completed=3)
        add_rating(session, visits[3], PRE, 6)
    with database.read() as session:
        version = clinic.protocol_version
        late = NOW + timedelta(minutes=80)
        found = queries.due(session, visits, {course.id: version}, late)
        assert queries.given(session, [visit.id for visit in visits]) == {
            visits[3].id: {(PRE, "anxiety_now")}
        }
    # The fourth of six is the middle of the course: GAD-7 is asked before it, too.
    assert [lack.point for lack in found[visits[3].id]] == [PRE, POST]
    assert [lack.is_over for lack in found[visits[0].id]] == [True, True]
    assert found[visits[4].id] == ()


Scores = st.lists(
    st.tuples(st.none() | st.integers(0, 10), st.none() | st.integers(0, 10)), min_size=1, max_size=6
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scores=Scores)
def test_whatever_was_rated_stands_in_the_table_in_its_own_pair(
    sqlite: Database, scores: list[tuple[int | None, int | None]]
) -> None:
    with sqlite.write() as session:
        course_id = _rated_course(session, scores)
        shown = rows(queries.trajectory(session, course_id, NOW))
        session.rollback()
    expected = [tuple("not given" if score is None else str(score) for score in pair) for pair in scores]
    assert [(row.pre, row.post_2h) for row in shown] == expected


def _rated_course(session: Session, scores: list[tuple[int | None, int | None]]) -> int:
    clinic = small_clinic(session)
    days = [TODAY - timedelta(days=2 * (len(scores) - at)) for at in range(len(scores))]
    course, visits = add_six(session, clinic, days, completed=len(scores))
    for visit, pair in zip(visits, scores, strict=True):
        for point, score in zip((PRE, POST), pair, strict=True):
            if score is not None:
                add_rating(session, visit, point, score)
    return course.id

"""Booking a course: all or nothing, once, never on a chair that is taken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.book import book_course
from scheduler.models import (
    AuditEvent,
    Chair,
    Course,
    Infusion,
    InfusionStatus,
    Message,
    ProtocolVersion,
)
from tests.support.clinic import NOW, SmallClinic, make_patient, make_protocol, small_clinic
from tests.support.courses import best_visits, order_for, search_for, set_on

ROSA = Actor(None, "Rosa", "127.0.0.1")
MONDAY = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time


def counts(session: Session) -> tuple[int, ...]:
    """Rows that a booking writes: a course, its visits, an audit row, a summary and six invitations."""
    return tuple(
        session.scalar(select(func.count()).select_from(model)) or 0
        for model in (Course, Infusion, AuditEvent, Message)
    )


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, committed."""
    with database.write() as session:
        return small_clinic(session)


def test_a_proposal_is_booked_as_six_visits_with_audit_and_confirmation(
    database: Database, clinic: SmallClinic
) -> None:
    with database.read() as session:
        visits = best_visits(session, search_for(session, clinic))
    booked = database.attempt(lambda s: book_course(s, ROSA, NOW, order_for(clinic, visits)))
    with database.read() as session:
        rows = session.scalars(select(Infusion).order_by(Infusion.number)).all()
        assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
        assert {row.status for row in rows} == {InfusionStatus.SCHEDULED}
        assert [row.local_day for row in rows] == [visit.start.date() for visit in visits]
        assert all(row.ends_at - row.starts_at == timedelta(minutes=120) for row in rows)
        assert len({row.ics_uid for row in rows}) == 6
        assert counts(session) == (1, 6, 1, 7)
        assert not booked.replayed


def test_a_visit_keeps_its_wall_clock_time_across_the_clock_change(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        before_change = datetime(2026, 10, 1, tzinfo=UTC)
        visits = set_on(clinic.chairs[0].id, datetime(2026, 10, 26, 9, 30))  # noqa: DTZ001
        book_course(session, ROSA, before_change, order_for(clinic, visits))
        starts = session.scalars(select(Infusion.starts_at).order_by(Infusion.number)).all()
    assert [at.hour for at in starts] == [13, 13, 13, 14, 14, 14]


def test_second_patient_cannot_take_a_chair_and_learns_which_visit_is_gone(
    database: Database, clinic: SmallClinic
) -> None:
    chair = clinic.chairs[0].id
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        book_course(session, ROSA, NOW, order_for(clinic, set_on(chair, MONDAY)))
    shifted = set_on(chair, MONDAY + timedelta(days=2), (2, 3, 2, 2, 2))
    late = tuple(v if v.number == 2 else replace(v, chair_id=clinic.chairs[1].id) for v in shifted)
    with database.read() as session:
        before = counts(session)
    with pytest.raises(ConflictError) as caught:
        database.attempt(
            lambda s: book_course(s, ROSA, NOW, order_for(clinic, late, key="k" * 20, patient=other))
        )
    gone = caught.value.extra["gone"]
    assert 2 in [visit.number for visit in gone]
    taken = next(visit for visit in gone if visit.number == 2)
    assert taken.chair_name == "Chair 1"
    assert taken.taken_at == NOW
    with database.read() as session:
        assert counts(session) == before


def test_last_nurse_is_not_shared_by_two_preparations(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        book_course(session, ROSA, NOW, order_for(clinic, set_on(clinic.chairs[0].id, MONDAY)))
    same_time = order_for(clinic, set_on(clinic.chairs[1].id, MONDAY), key="k" * 20, patient=other)
    with pytest.raises(ConflictError) as caught:
        database.attempt(lambda s: book_course(s, ROSA, NOW, same_time))
    assert [visit.number for visit in caught.value.extra["gone"]] == [1, 2, 3, 4, 5, 6]
    assert "nurses are full" in caught.value.extra["gone"][0].words


def test_the_same_post_twice_is_one_course(database: Database, clinic: SmallClinic) -> None:
    order = order_for(clinic, set_on(clinic.chairs[0].id, MONDAY))
    first = database.attempt(lambda s: book_course(s, ROSA, NOW, order))
    again = database.attempt(lambda s: book_course(s, ROSA, NOW + timedelta(seconds=1), order))
    assert again.course_id == first.course_id
    assert (first.replayed, again.replayed) == (False, True)
    with database.read() as session:
        assert counts(session) == (1, 6, 1, 7)


def test_another_set_under_the_same_key_is_refused_and_names_the_course(
    database: Database, clinic: SmallClinic
) -> None:
    chair = clinic.chairs[0].id
    first = database.attempt(lambda s: book_course(s, ROSA, NOW, order_for(clinic, set_on(chair, MONDAY))))
    other = order_for(clinic, set_on(chair, MONDAY + timedelta(days=21)))
    with pytest.raises(ConflictError) as caught:
        database.attempt(lambda s: book_course(s, ROSA, NOW, other))
    assert caught.value.extra["course_id"] == first.course_id


def test_a_patient_has_one_visit_a_day(database: Database, clinic: SmallClinic) -> None:
    chair = clinic.chairs[0].id
    database.attempt(lambda s: book_course(s, ROSA, NOW, order_for(clinic, set_on(chair, MONDAY))))
    afternoon = order_for(clinic, set_on(chair, MONDAY + timedelta(hours=5)), key="k" * 20)
    with pytest.raises(ConflictError) as caught:
        database.attempt(lambda s: book_course(s, ROSA, NOW, afternoon))
    assert "another visit that day" in caught.value.extra["gone"][0].words


@pytest.mark.parametrize(
    ("gaps", "sentence"),
    [
        ((1, 3, 2, 2, 3), "too soon"),
        ((2, 2, 4, 2, 2), "too late"),
        ((2, 2, 2, 2), "has 6 visits"),
    ],
)
def test_a_set_that_breaks_the_protocol_is_refused(
    database: Database, clinic: SmallClinic, gaps: tuple[int, ...], sentence: str
) -> None:
    order = order_for(clinic, set_on(clinic.chairs[0].id, MONDAY, gaps))
    with pytest.raises(RuleError, match=sentence):
        database.attempt(lambda s: book_course(s, ROSA, NOW, order))
    with database.read() as session:
        assert counts(session) == (0, 0, 0, 0)


def test_a_first_visit_in_the_past_is_refused(database: Database, clinic: SmallClinic) -> None:
    order = order_for(clinic, set_on(clinic.chairs[0].id, datetime(2026, 10, 26, 9, 30)))  # noqa: DTZ001
    with pytest.raises(RuleError, match="past"):
        database.attempt(lambda s: book_course(s, ROSA, NOW, order))


def test_a_protocol_changed_meanwhile_books_nothing(database: Database, clinic: SmallClinic) -> None:
    old = clinic.protocol_version
    with database.write() as session:
        newer = make_protocol(session, "for its phases only")
        newer = session.get_one(ProtocolVersion, newer.id)
        newer.protocol_id, newer.version = old.protocol_id, 2
    order = order_for(clinic, set_on(clinic.chairs[0].id, MONDAY))
    with pytest.raises(ConflictError, match="was changed while you chose"):
        database.attempt(lambda s: book_course(s, ROSA, NOW, order))


def test_a_patient_archived_in_another_tab_books_nothing(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.merge(clinic.patient).archived_at = NOW
    order = order_for(clinic, set_on(clinic.chairs[0].id, MONDAY))
    with pytest.raises(ConflictError, match="was archived while you chose"):
        database.attempt(lambda s: book_course(s, ROSA, NOW, order))


def test_a_retired_chair_takes_no_visit(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.get_one(Chair, clinic.chairs[0].id).retired_at = NOW
    order = order_for(clinic, set_on(clinic.chairs[0].id, MONDAY))
    with pytest.raises(ConflictError) as caught:
        database.attempt(lambda s: book_course(s, ROSA, NOW, order))
    assert caught.value.extra["gone"][0].words == "That chair is no longer in use."


def test_turnover_holds_the_chair_after_a_visit(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session, nurses=4, turnover=20)
        other = make_patient(session, clinic.site, 2)
        chair, after_lunch = clinic.chairs[0].id, MONDAY.replace(hour=13)
        book_course(session, ROSA, NOW, order_for(clinic, set_on(chair, after_lunch)))
    close = order_for(
        clinic, set_on(chair, after_lunch + timedelta(minutes=130)), key="k" * 20, patient=other
    )
    with pytest.raises(ConflictError):
        database.attempt(lambda s: book_course(s, ROSA, NOW, close))
    after = order_for(
        clinic, set_on(chair, after_lunch + timedelta(minutes=140)), key="m" * 20, patient=other
    )
    assert not database.attempt(lambda s: book_course(s, ROSA, NOW, after)).replayed


def test_bending_the_protocol_needs_a_reason_and_keeps_it(database: Database, clinic: SmallClinic) -> None:
    visits = set_on(clinic.chairs[0].id, MONDAY + timedelta(days=1), (2, 4, 2, 2, 3))
    plain = order_for(clinic, visits)
    bent = replace(plain, bend="gap_max+1")
    with pytest.raises(RuleError, match="Write why"):
        database.attempt(lambda s: book_course(s, ROSA, NOW, bent))
    reasoned = replace(bent, bend_reason=" Travelling at the weekend ")
    database.attempt(lambda s: book_course(s, ROSA, NOW, reasoned))
    with database.read() as session:
        course = session.scalars(select(Course)).one()
    assert (course.bend, course.bend_reason) == ("gap_max+1", "Travelling at the weekend")

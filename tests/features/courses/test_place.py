"""Moving visits: only those named, only where there is room, told once, never over somebody else's change."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.place import Override, Placement, place_visits
from scheduler.features.courses.actions.undo import undo
from scheduler.models import (
    Closure,
    CourseChange,
    Infusion,
    InfusionStatus,
    Message,
    MessageStatus,
    Purpose,
)
from tests.support.booked import make_course
from tests.support.booked import wall as instant
from tests.support.changes import LATER, MONDAY, ROSA, booked, confirmation_left, visits, whole_rows
from tests.support.clinic import SmallClinic, make_patient


def at_number(row: Infusion, start: datetime, chair_id: int | None = None) -> Placement:
    """A placement of a visit that stands."""
    return Placement(row.number, chair_id or row.chair_id or 0, start, row.id)


def wall(number: int) -> datetime:
    """The booked local start of a visit."""
    return MONDAY + timedelta(days=(0, 2, 4, 7, 9, 11)[number - 1])


def test_moving_one_visit_leaves_the_other_five_byte_identical(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    with database.read() as session:
        before, row = whole_rows(session, course), visits(session, course)[2]
    done = database.attempt(
        lambda s: place_visits(
            s, ROSA, LATER, course, [at_number(row, wall(3) + timedelta(minutes=30))], seen={row.id: 1}
        )
    )
    with database.read() as session:
        after = whole_rows(session, course)
        told = session.scalars(select(Message).where(Message.purpose == Purpose.VISIT_MOVED)).all()
    assert done.messages == 1
    assert [(m.infusion_id, m.schedule_version) for m in told] == [(row.id, 2)]
    assert {key: each for key, each in after.items() if key != row.id} == {
        key: each for key, each in before.items() if key != row.id
    }
    moved, old = after[row.id], before[row.id]
    assert (moved["schedule_version"], moved["ics_sequence"], moved["scheduled_at"]) == (2, 1, LATER)
    assert moved["ics_uid"] == old["ics_uid"]
    assert moved["starts_at"] - old["starts_at"] == timedelta(minutes=30)


def test_two_visits_trade_places_without_the_database_refusing_the_way(
    database: Database, clinic: SmallClinic
) -> None:
    """No. 3 goes to the day of no. 4 and no. 4 further: half way, both would stand on one chair and day."""
    course = booked(database, clinic)
    with database.read() as session:
        third, fourth, fifth = visits(session, course)[2:5]
    moves = [
        at_number(third, wall(4)),
        at_number(fourth, wall(5)),
        at_number(fifth, wall(6)),
        at_number(visits_of(database, course)[5], wall(6) + timedelta(days=3)),
    ]
    seen = {each.infusion_id or 0: 1 for each in moves}
    database.attempt(lambda s: place_visits(s, ROSA, LATER, course, moves, seen=seen))
    after = visits_of(database, course)
    assert [row.starts_at for row in after[2:5]] == [fourth.starts_at, fifth.starts_at, after[4].starts_at]
    assert {row.status for row in after} == {InfusionStatus.SCHEDULED}


def visits_of(database: Database, course: int) -> list[Infusion]:
    """The rows of a course as they are."""
    with database.read() as session:
        return visits(session, course)


def test_a_visit_moves_to_where_it_overlaps_itself(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row = visits(session, course)[0]
    shifted = at_number(row, wall(1) + timedelta(minutes=10))
    database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [shifted], seen={row.id: 1}))
    with database.read() as session:
        assert visits(session, course)[0].schedule_version == 2


def test_before_the_confirmation_has_gone_a_move_sends_nothing(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row = visits(session, course)[0]
    move = at_number(row, wall(1) + timedelta(minutes=30))
    assert (
        database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [move], seen={row.id: 1})).messages
        == 0
    )


def test_another_chair_alone_sends_nothing_and_keeps_the_calendar(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    with database.read() as session:
        row = visits(session, course)[0]
    move = at_number(row, wall(1), clinic.chairs[1].id)
    done = database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [move], seen={row.id: 1}))
    with database.read() as session:
        now = visits(session, course)[0]
    assert (done.messages, now.ics_sequence, now.schedule_version) == (0, 0, 2)


def test_the_second_of_two_movers_learns_who_was_first_and_loses_nothing(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row = visits(session, course)[2]
    one, two = (at_number(row, wall(3) + timedelta(minutes=minutes)) for minutes in (10, 20))
    database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [one], seen={row.id: 1}))
    with pytest.raises(ConflictError, match="changed by Rosa at") as caught:
        database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [two], seen={row.id: 1}))
    assert caught.value.extra["now"] == one.start
    assert caught.value.extra["asked"] == two.start


def test_the_same_key_moves_once(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row = visits(session, course)[2]
    move = at_number(row, wall(3) + timedelta(minutes=30))

    def post() -> bool:
        return database.attempt(
            lambda s: place_visits(s, ROSA, LATER, course, [move], seen={row.id: 1}, key="k1")
        ).replayed

    assert [post(), post()] == [False, True]


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (datetime(2026, 10, 30, 9, 30), "passed"),  # noqa: DTZ001
        (datetime(2026, 12, 3, 9, 30), "too soon"),  # noqa: DTZ001
        (datetime(2026, 12, 16, 9, 30), "would not come after"),  # noqa: DTZ001
        (datetime(2027, 3, 14, 2, 30), "does not exist"),  # noqa: DTZ001
    ],
)
def test_what_breaks_a_rule_is_refused_with_a_sentence(
    database: Database, clinic: SmallClinic, start: datetime, sentence: str
) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row, before = visits(session, course)[2], whole_rows(session, course)
    with pytest.raises(RuleError, match=sentence):
        database.attempt(
            lambda s: place_visits(s, ROSA, LATER, course, [at_number(row, start)], seen={row.id: 1})
        )
    with database.read() as session:
        assert whole_rows(session, course) == before


def test_a_move_into_a_closure_is_refused(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row = visits(session, course)[2]
    start = wall(3) + timedelta(hours=4)
    with database.write() as session:
        session.add(
            Closure(
                site_id=clinic.site.id,
                starts_at=row.starts_at + timedelta(hours=5),
                ends_at=row.starts_at + timedelta(hours=6),
                reason="Fire drill",
            )
        )
    with pytest.raises(ConflictError, match="Fire drill"):
        database.attempt(
            lambda s: place_visits(s, ROSA, LATER, course, [at_number(row, start)], seen={row.id: 1})
        )


def test_a_clinician_sets_spacing_aside_but_never_the_chair(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        make_course(session, clinic, [instant(clinic, "2026-12-03 09:30")], patient=other)
    with database.read() as session:
        row = visits(session, course)[2]
    doctor = clinic.users["clinician"].id
    word = Override(("R10",), "Travels at the weekend", doctor)
    thursday = at_number(row, wall(3) - timedelta(days=1))
    with pytest.raises(ConflictError, match="taken"):
        database.attempt(
            lambda s: place_visits(s, ROSA, LATER, course, [thursday], seen={row.id: 1}, override=word)
        )
    free = replace(thursday, start=thursday.start + timedelta(hours=4))
    done = database.attempt(
        lambda s: place_visits(s, ROSA, LATER, course, [free], seen={row.id: 1}, override=word)
    )
    with database.read() as session:
        change = session.get_one(CourseChange, done.change_id)
    assert (change.override, change.approved_by_id, change.reason) == (
        "R10",
        doctor,
        "Travels at the weekend",
    )


def test_undoing_a_move_goes_back_only_where_there_is_room(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    with database.read() as session:
        row = visits(session, course)[2]
    move = at_number(row, wall(3) + timedelta(hours=4))
    done = database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [move], seen={row.id: 1}))
    with database.write() as session:
        other = make_patient(session, clinic.site, 2)
        make_course(session, clinic, [instant(clinic, "2026-12-04 09:30")], patient=other)
    with pytest.raises(ConflictError, match="not undone"):
        database.attempt(lambda s: undo(s, ROSA, LATER, done.change_id))


def test_an_undone_move_that_was_not_told_yet_tells_nothing(database: Database, clinic: SmallClinic) -> None:
    course = booked(database, clinic)
    confirmation_left(database)
    with database.read() as session:
        row = visits(session, course)[2]
    move = at_number(row, wall(3) + timedelta(hours=4))
    done = database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [move], seen={row.id: 1}))
    back = database.attempt(lambda s: undo(s, ROSA, LATER, done.change_id))
    with database.read() as session:
        now = visits(session, course)[2]
        waiting = session.scalars(select(Message).where(Message.status == MessageStatus.QUEUED)).all()
    assert (now.starts_at, now.schedule_version, now.ics_sequence) == (row.starts_at, 3, 2)
    assert (back.messages, list(waiting)) == (0, [])


def test_a_gap_that_was_accepted_is_not_judged_again_when_only_the_hour_changes(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    third = visits_of(database, course)[2]
    allowed = Override(("R10",), "Travels on Friday", clinic.users["clinician"].id)
    early = at_number(third, wall(3) - timedelta(days=1))
    database.attempt(
        lambda s: place_visits(s, ROSA, LATER, course, [early], seen={third.id: 1}, override=allowed)
    )
    later = at_number(third, wall(3) - timedelta(days=1) + timedelta(minutes=30))
    database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [later], seen={third.id: 2}))
    assert visits_of(database, course)[2].schedule_version == 3

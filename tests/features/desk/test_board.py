"""A day at a site, from the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event

from scheduler.db import Database
from scheduler.features.capacity.queries import site as get_site
from scheduler.features.desk.arrivals import Arrivals, Group, arrivals_of, day_sentence
from scheduler.features.desk.queries.board import Board, board_of
from scheduler.features.desk.queries.readiness import readiness_of
from scheduler.models import Closure, InfusionStatus, OpeningHours, TimePoint
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, make_site, small_clinic
from tests.support.visits import add_course, add_rating, add_six, add_visit, local

DAYS = [TODAY + timedelta(days=offset) for offset in (-7, -4, 0, 2, 4, 7)]


def board(database: Database, clinic: SmallClinic, day: date = TODAY, now: datetime = NOW) -> Board:
    with database.read() as session:
        return board_of(session, get_site(session, clinic.site.id), day, now)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are run inside the block."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN")):
            found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def fill(database: Database, patients: int) -> SmallClinic:
    """A clinic with one visit today for each patient, a chair each."""
    with database.write() as session:
        clinic = small_clinic(session, chairs=patients)
        for number in range(patients):
            patient = make_patient(session, clinic.site, number + 10, family_name=f"Family{number}")
            _, visits = add_six(session, clinic, DAYS, "09:30", patient=patient, chair=number, completed=2)
            add_rating(session, visits[0], TimePoint.PRE, 5)
    return clinic


def test_a_day_takes_as_many_queries_for_twelve_visits_as_for_one(database: Database) -> None:
    few, many = fill(database, 1), None
    board(database, few)  # What holds for the week is kept from then on.
    with counted(database) as for_one:
        assert len(board(database, few).visits) == 1
    with database.write() as session:
        for number in range(11):
            patient = make_patient(session, few.site, number + 40)
            start = local(few.site, TODAY, "08:00") + timedelta(minutes=45 * number)
            course = add_course(session, few, patient)
            many = add_visit(session, course, few.chairs[0], 1, start, InfusionStatus.CANCELLED)
    with counted(database) as for_twelve:
        assert len(board(database, few).visits) == 12
    assert many is not None
    assert len(for_one) == len(for_twelve) <= 8


def test_a_visit_stands_on_its_chair_at_its_local_time(database: Database) -> None:
    clinic = fill(database, 2)
    shown = board(database, clinic)
    assert (shown.frame.first_hour, shown.frame.hours) == (8, 10)
    assert [lane.name for lane in shown.lanes] == ["Chair 1", "Chair 2"]
    (block,) = shown.lanes[1].blocks
    assert (block.at, block.length, block.title, block.detail) == (10, 12, "M. Family1", "no. 3")
    assert block.phases == (("prep", 2), ("inf", 4), ("rec", 5), ("out", 1))
    assert block.said == "Marta Family1, 09:30 to 11:30, no. 3, scheduled"
    assert shown.visits[0].six == ("done", "done", "today", "open", "open", "open")


def test_the_nurse_band_counts_what_the_planner_counts(database: Database) -> None:
    clinic = fill(database, 2)
    needed = board(database, clinic).load.needed
    # 09:30 is slot 9: twice 12 units in preparation, 3 in the infusion, 2 in recovery, 12 leaving.
    assert needed[8:22] == (0, 24, 24, 6, 6, 6, 6, 4, 4, 4, 4, 4, 24, 0)
    assert set(board(database, clinic).load.limits[24:27]) == {0}  # The nurse's break at noon.


def test_a_missed_or_cancelled_visit_leaves_its_chair_and_stays_on_the_list(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course = add_course(session, clinic)
        for number, (clock, status) in enumerate((("09:00", "missed"), ("12:00", "cancelled")), 1):
            start = local(clinic.site, TODAY, clock)
            add_visit(session, course, clinic.chairs[0], number, start, InfusionStatus(status))
    shown = board(database, clinic)
    assert shown.lanes[0].blocks == ()
    assert sum(shown.load.needed) == 0
    assert [group.title for group in groups(database, clinic)] == ["Missed", "Cancelled"]
    assert day_sentence(shown) == "No visits."


def test_only_the_visits_of_the_sites_own_day_are_shown(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        course = add_course(session, clinic)
        chair = clinic.chairs[0]
        add_visit(session, course, chair, 1, local(clinic.site, TODAY, "00:00") - timedelta(minutes=10))
        late = add_visit(session, course, chair, 2, local(clinic.site, TODAY, "21:30"))
    assert [visit.infusion_id for visit in board(database, clinic).visits] == [late.id]
    assert late.starts_at.date() == TODAY + timedelta(days=1)  # In UTC it is tomorrow already.


def test_a_closure_is_hatched_with_its_reason_on_the_chairs_it_shuts(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        for chair_id, start, end, reason in (
            (clinic.chairs[1].id, "08:00", "12:00", "Pump service"),
            (None, "16:00", "18:00", "Staff training"),
        ):
            times = (local(clinic.site, TODAY, clock) for clock in (start, end))
            begin, until = times
            session.add(
                Closure(
                    site_id=clinic.site.id, chair_id=chair_id, starts_at=begin, ends_at=until, reason=reason
                )
            )
    shown = board(database, clinic)
    assert [[(b.at, b.length, b.title, b.state) for b in lane.blocks] for lane in shown.lanes] == [
        [(49, 12, "Staff training", "shut")],
        [(1, 24, "Pump service", "shut"), (49, 12, "Staff training", "shut")],
    ]
    assert shown.lanes[1].note == "Shut until 12:00"
    assert [part.reason for part in shown.closures] == ["Staff training"]


def test_a_public_holiday_shuts_the_site_by_its_name(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
    shown = board(database, clinic, date(2026, 11, 26))
    assert shown.holiday == "Thanksgiving Day"
    assert all(lane.blocks[0].length == 60 for lane in shown.lanes)


def test_a_break_in_the_opening_hours_is_drawn_shut(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        session.add(OpeningHours(site_id=clinic.site.id, weekday=5, from_minute=540, to_minute=720))
        session.add(OpeningHours(site_id=clinic.site.id, weekday=5, from_minute=780, to_minute=900))
    shown = board(database, clinic, date(2026, 11, 7))
    assert (shown.frame.first_hour, shown.frame.hours) == (9, 6)
    assert [(b.at, b.length, b.title) for b in shown.lanes[0].blocks] == [(19, 6, "Closed")]


def test_a_retired_chair_is_drawn_only_while_a_visit_stands_on_it(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        add_six(session, clinic, [TODAY], chair=0)
        for chair in clinic.chairs:
            session.merge(chair).retired_at = NOW - timedelta(days=30)
    assert [lane.name for lane in board(database, clinic).lanes] == ["Chair 1"]


@pytest.mark.parametrize(
    ("day", "now", "slots"),
    [
        (date(2026, 11, 1), datetime.fromisoformat("2026-11-01T16:00:00+00:00"), 18.0),
        (date(2026, 3, 8), datetime.fromisoformat("2026-03-08T15:00:00+00:00"), 18.0),
    ],
)
def test_on_the_day_of_a_clock_change_eleven_oclock_is_where_the_axis_says_eleven(
    database: Database, day: date, now: datetime, slots: float
) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        session.add(
            OpeningHours(site_id=clinic.site.id, weekday=day.weekday(), from_minute=480, to_minute=1080)
        )
        add_six(session, clinic, [day], "11:00")
    shown = board(database, clinic, day, now)
    assert shown.now is not None
    assert (shown.now.slot, shown.now.label) == (slots, "11:00")
    assert [(block.at, block.length) for block in shown.lanes[0].blocks] == [(19, 12)]


def test_a_day_without_visits_knows_the_next_one(database: Database) -> None:
    clinic = fill(database, 1)
    shown = board(database, clinic, TODAY + timedelta(days=1))
    assert shown.next_visit == local(clinic.site, TODAY + timedelta(days=2), "09:30")


def test_another_site_has_its_own_chairs_and_zone(database: Database) -> None:
    clinic = fill(database, 1)
    with database.write() as session:
        other = make_site(session, "PX", "Phoenix", tz="America/Phoenix")
    with database.read() as session:
        shown = board_of(session, get_site(session, other.id), TODAY, NOW)
    assert (shown.visits, shown.lanes) == ([], [])
    assert f"{shown.local_now:%H:%M}" == "08:00"
    assert shown.load.note == "Nobody on duty now"
    assert clinic.site.id != other.id


def arrivals(database: Database, clinic: SmallClinic, now: datetime = NOW) -> Arrivals:
    shown = board(database, clinic, now=now)
    with database.read() as session:
        return arrivals_of(shown, readiness_of(session, shown, now))


def groups(database: Database, clinic: SmallClinic, now: datetime = NOW) -> list[Group]:
    return list(arrivals(database, clinic, now).groups)


def test_who_is_late_stands_first_and_who_went_home_last(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session, chairs=6)
        wanted = [
            ("08:00", "completed", {"completed_at": NOW}),
            ("13:00", "scheduled", {}),
            ("09:48", "scheduled", {}),
            ("11:00", "arrived", {"arrived_at": NOW}),
            ("09:30", "in_progress", {}),
        ]
        for chair, (clock, status, facts) in enumerate(wanted):
            patient = make_patient(session, clinic.site, chair + 20)
            start = local(clinic.site, TODAY, clock)
            add_visit(
                session,
                add_course(session, clinic, patient),
                clinic.chairs[chair],
                1,
                start,
                InfusionStatus(status),
                **facts,
            )
    found = groups(database, clinic)
    assert [group.title for group in found] == ["Late", "Here", "In the chair", "To come", "Gone home"]
    assert found[0].arrivals[0].pill == ("Late 12 min", "stop", "clock")
    assert found[3].note == "1, next at 13:00"
    said = arrivals(database, clinic).sentence
    assert said == "5 visits: 1 late, 1 waiting, 1 in the chair, 1 to come, 1 gone home."


def test_a_visit_that_is_over_with_nothing_recorded_is_not_called_late(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        add_six(session, clinic, [TODAY], "09:00")
    (group,) = groups(database, clinic, NOW + timedelta(hours=5))
    assert group.title == "Over, nothing recorded"


def test_the_list_says_that_a_rating_waits_and_holds_no_value(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        _, visits = add_six(session, clinic, [TODAY], "09:30")
        add_rating(session, visits[0], TimePoint.PRE, 9)
    (arrival,) = groups(database, clinic, NOW + timedelta(hours=2))[0].arrivals
    assert arrival.to_do == "Rating 2 hours after is due."
    assert (arrival.can_rate, arrival.rated) == (True, True)

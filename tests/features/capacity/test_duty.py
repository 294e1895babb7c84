"""Who is on duty: weekly patterns, their validity, and the days that differ."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from scheduler.db import Database
from scheduler.features.capacity.queries import DutyStretch, duty_stretches
from scheduler.features.capacity.queries.duty import laid_over
from scheduler.models import Duty, DutyException, DutyPattern
from tests.support.clinic import NOW, SmallClinic, make_site, small_clinic

MONDAY = date(2026, 11, 2)
WEEK = (MONDAY, MONDAY + timedelta(days=6))


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    with database.write() as session:
        return small_clinic(session)


def on_duty(database: Database, clinic: SmallClinic, duty: Duty = Duty.NURSE) -> list[DutyStretch]:
    with database.read() as session:
        found = duty_stretches(session, [clinic.site.id], *WEEK)
    return [stretch for stretch in found if stretch.duty is duty]


def differs(database: Database, clinic: SmallClinic, **row: object) -> None:
    values = {"user_id": clinic.users["nurse"].id, "duty": Duty.NURSE, "day": MONDAY, **row}
    with database.write() as session:
        session.add(DutyException(**values))


def test_a_weekly_shift_holds_on_each_of_its_weekdays_with_its_break(
    database: Database, clinic: SmallClinic
) -> None:
    found = on_duty(database, clinic)
    assert [stretch.day for stretch in found] == [MONDAY + timedelta(days=n) for n in range(5)]
    assert {(s.from_minute, s.to_minute, s.breaks) for s in found} == {(480, 1080, ((720, 750),))}


def test_somebody_who_is_away_is_not_counted_that_day(database: Database, clinic: SmallClinic) -> None:
    differs(database, clinic, day=MONDAY + timedelta(days=2), reason="Training")
    days = [stretch.day.weekday() for stretch in on_duty(database, clinic)]
    assert days == [0, 1, 3, 4]


def test_an_exception_replaces_the_whole_shift_of_that_day(database: Database, clinic: SmallClinic) -> None:
    for start, end in ((600, 660), (900, 960)):
        differs(database, clinic, site_id=clinic.site.id, from_minute=start, to_minute=end)
    monday = [s for s in on_duty(database, clinic) if s.day == MONDAY]
    assert [(s.from_minute, s.to_minute, s.breaks) for s in monday] == [(600, 660, ()), (900, 960, ())]


def test_a_nurse_who_helps_at_another_site_is_not_counted_at_their_own(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        other = make_site(session, "NS", "Northside")
    differs(database, clinic, site_id=other.id, from_minute=480, to_minute=1080)
    assert MONDAY not in {stretch.day for stretch in on_duty(database, clinic)}
    with database.read() as session:
        there = duty_stretches(session, [other.id], *WEEK)
    assert [(s.day, s.user_id) for s in there] == [(MONDAY, clinic.users["nurse"].id)]


def test_an_exception_of_a_nurse_leaves_their_duty_as_a_clinician_alone(
    database: Database, clinic: SmallClinic
) -> None:
    differs(database, clinic, user_id=clinic.users["clinician"].id)
    assert len(on_duty(database, clinic, Duty.CLINICIAN)) == 5


def test_a_pattern_holds_from_its_first_to_its_last_day(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        for row in session.query(DutyPattern).filter_by(user_id=clinic.users["nurse"].id):
            row.valid_from, row.valid_until = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    assert [stretch.day.weekday() for stretch in on_duty(database, clinic)] == [1, 2, 3]


def test_somebody_who_left_is_on_duty_up_to_their_last_day(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.merge(clinic.users["nurse"]).disabled_at = datetime(2026, 11, 4, 12, tzinfo=UTC)
    assert [stretch.day.weekday() for stretch in on_duty(database, clinic)] == [0, 1, 2]


def test_an_exception_after_somebody_left_does_not_bring_them_back(
    database: Database, clinic: SmallClinic
) -> None:
    differs(database, clinic, day=WEEK[1], site_id=clinic.site.id, from_minute=600, to_minute=660)
    with database.write() as session:
        session.merge(clinic.users["nurse"]).disabled_at = datetime(2026, 11, 4, 12, tzinfo=UTC)
    assert WEEK[1] not in {stretch.day for stretch in on_duty(database, clinic)}


def test_a_year_of_duty_takes_as_few_queries_as_a_day(database: Database, clinic: SmallClinic) -> None:
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(str(args[2])))
    counts = []
    for days in (1, 365):
        asked.clear()
        with database.read() as session:
            duty_stretches(session, [clinic.site.id], MONDAY, MONDAY + timedelta(days=days))
        counts.append(sum(text.lstrip().startswith("SELECT") for text in asked))
    assert counts == [2, 2]


PEOPLE, SITES = st.integers(1, 3), st.integers(1, 2)
DUTIES = st.sampled_from(list(Duty))
OFFSETS = st.integers(-3, 24)


@st.composite
def patterns(draw: st.DrawFn) -> DutyPattern:
    """A pattern of some person, valid for any while around the window."""
    start = draw(st.integers(0, 20))
    begins = draw(OFFSETS)
    lasts = draw(st.none() | st.integers(0, 20))
    return DutyPattern(
        user_id=draw(PEOPLE),
        site_id=draw(SITES),
        duty=draw(DUTIES),
        weekday=draw(st.integers(0, 6)),
        from_minute=start * 60,
        to_minute=start * 60 + 120,
        breaks=[[start * 60 + 30, start * 60 + 60]] if draw(st.booleans()) else [],
        valid_from=MONDAY + timedelta(days=begins),
        valid_until=None if lasts is None else MONDAY + timedelta(days=begins + lasts),
    )


@st.composite
def exceptions(draw: st.DrawFn) -> DutyException:
    """A day that differs: away, or somewhere at other hours."""
    away = draw(st.booleans())
    return DutyException(
        user_id=draw(PEOPLE),
        duty=draw(DUTIES),
        day=MONDAY + timedelta(days=draw(st.integers(0, 20))),
        site_id=None if away else draw(SITES),
        from_minute=None if away else 600,
        to_minute=None if away else 660,
        breaks=[],
    )


@given(
    st.lists(patterns(), max_size=6),
    st.lists(exceptions(), max_size=4),
    st.dictionaries(PEOPLE, st.integers(0, 20).map(lambda n: NOW + timedelta(days=n)), max_size=1),
)
def test_duty_is_what_asking_day_by_day_and_person_by_person_gives(
    weekly: list[DutyPattern], differing: list[DutyException], left: dict[int, datetime]
) -> None:
    days = [MONDAY + timedelta(days=n) for n in range(21)]
    expected = []
    for day in days:
        for person in (1, 2, 3):
            if person in left and day > left[person].date():
                continue
            for duty in Duty:
                others = [row for row in differing if (row.user_id, row.duty, row.day) == (person, duty, day)]
                usual = [
                    row
                    for row in weekly
                    if (row.user_id, row.duty, row.weekday) == (person, duty, day.weekday())
                    and row.valid_from <= day <= (row.valid_until or day)
                ]
                expected += [
                    (day, row.site_id, duty, row.from_minute, person)
                    for row in (others or usual)
                    if row.site_id == 1
                ]
    found = laid_over(
        [(row, left.get(row.user_id)) for row in weekly if row.site_id == 1],
        [(row, left.get(row.user_id)) for row in differing],
        frozenset({1}),
        days[0],
        days[-1],
    )
    assert found == sorted(found)
    assert sorted((s.day, s.site_id, s.duty, s.from_minute, s.user_id) for s in found) == sorted(expected)

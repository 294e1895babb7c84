"""What a process keeps of the capacity is never older than the database, whoever changed it, and how."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.capacity.kept import kept
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.building.offer import BuildPage
from scheduler.models import (
    CapacityStamp,
    Chair,
    Closure,
    DutyException,
    DutyPattern,
    HolidayOpening,
    OpeningHours,
    Protocol,
    ProtocolPhase,
    ProtocolVersion,
    Site,
    User,
)
from tests.features.courses.asking import page_of
from tests.support.clinic import NOW, SmallClinic, small_clinic
from tests.support.courses import order_for, set_on

Change = Callable[[Session, SmallClinic], object]


def ask(database: Database, clinic: SmallClinic) -> BuildPage:
    """The page as the next request sees it."""
    with database.read() as session:
        return page_of(session, clinic)


def first_visits(page: BuildPage) -> set[tuple[date, str]]:
    return {(view.rows[0].date, view.rows[0].chair) for view in page.sets}


def in_sql(command: str) -> Change:
    """A repair by hand, past all our code."""
    return lambda session, _: session.execute(text(command))


def close_until_christmas(session: Session, clinic: SmallClinic) -> None:
    session.add(
        Closure(site_id=clinic.site.id, starts_at=NOW, ends_at=NOW + timedelta(days=53), reason="Flood")
    )


def send_the_nurse_on_leave(session: Session, clinic: SmallClinic) -> None:
    for day in range(60):
        session.add(
            DutyException(
                user_id=clinic.users["nurse"].id,
                duty="nurse",
                day=date(2026, 11, 25) + timedelta(days=day),
                breaks=[],
                reason="Leave",
            )
        )


@pytest.mark.parametrize(
    "change",
    [
        close_until_christmas,
        send_the_nurse_on_leave,
        in_sql("UPDATE chairs SET retired_at = '2026-11-01 00:00:00+00'"),
        in_sql("DELETE FROM opening_hours"),
        in_sql("DELETE FROM duty_patterns WHERE duty = 'clinician'"),
        in_sql("UPDATE duty_patterns SET valid_until = '2026-11-20' WHERE duty = 'nurse'"),
        in_sql("UPDATE protocol_phases SET patients_per_nurse = 1, minutes = 200"),
        in_sql("UPDATE users SET disabled_at = '2026-11-01 00:00:00+00'"),
    ],
)
def test_the_next_proposal_sees_a_change_of_capacity_by_any_path(
    database: Database, clinic: SmallClinic, change: Change
) -> None:
    assert ask(database, clinic).sets
    with database.write() as session:
        change(session, clinic)
    assert not ask(database, clinic).sets


def test_what_is_given_back_is_proposed_again(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        close_until_christmas(session, clinic)
    assert not ask(database, clinic).sets
    with database.write() as session:
        session.execute(text("DELETE FROM closures"))
    assert ask(database, clinic).sets


def test_a_change_that_is_taken_back_leaves_what_was_kept(database: Database, clinic: SmallClinic) -> None:
    before = first_visits(ask(database, clinic))

    def fail() -> None:
        with database.write() as session:
            close_until_christmas(session, clinic)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert first_visits(ask(database, clinic)) == before


def test_while_nothing_changes_nothing_is_read_again(database: Database, clinic: SmallClinic) -> None:
    with database.read() as session:
        first = kept(session)
    ask(database, clinic)
    with database.read() as session:
        assert kept(session) is first


def stamp(session: Session) -> int:
    return session.get_one(CapacityStamp, 1, populate_existing=True).version


TABLES = (
    Site,
    OpeningHours,
    Chair,
    Closure,
    HolidayOpening,
    DutyPattern,
    DutyException,
    Protocol,
    ProtocolVersion,
    ProtocolPhase,
    User,
)


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__tablename__)
def test_every_table_of_capacity_raises_the_stamp(
    database: Database, clinic: SmallClinic, model: type
) -> None:
    with database.write() as session:
        close_until_christmas(session, clinic)
        send_the_nurse_on_leave(session, clinic)
        session.add(HolidayOpening(site_id=clinic.site.id, day=date(2026, 12, 25)))
    table = model.__tablename__  # type: ignore[attr-defined]
    with database.write() as session:
        before = stamp(session)
        session.execute(text(f"UPDATE {table} SET id = id"))
        assert stamp(session) > before


def test_the_capacity_of_one_database_is_not_kept_for_another(
    database: Database, clinic: SmallClinic
) -> None:
    with database.read() as session:
        here = kept(session)
    other = Database(database.url)
    try:
        with other.read() as session:
            assert kept(session) is not here
    finally:
        other.dispose()


def test_a_booking_that_is_refused_leaves_what_is_kept_readable(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
    monday = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time
    order = order_for(clinic, set_on(clinic.chairs[0].id, monday, (1, 2, 2, 2, 2)))
    with pytest.raises(RuleError):
        database.attempt(lambda session: book_course(session, Actor(None, "Rosa"), NOW, order))
    with database.read() as session:
        assert [place.name for place in kept(session).sites] == ["Riverside"]
        assert kept(session).protocols[0].protocol.name == "Loading, 3 × week"

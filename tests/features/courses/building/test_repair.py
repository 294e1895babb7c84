"""A visit of a chosen set was taken: the nearest time that makes the set whole again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.building.repair import Repair, repaired
from scheduler.features.courses.order import Visit, decode
from scheduler.features.courses.recheck import Gone
from tests.features.courses.asking import page_of
from tests.support.clinic import NOW, SmallClinic, make_patient, make_protocol, small_clinic
from tests.support.courses import order_for, set_on

MONDAY = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The repair is found in what was read; the reading is tested on both databases."""
    return sqlite


def take(session: Session, clinic: SmallClinic, start: datetime, chair: int, number: int = 2) -> None:
    """Somebody else has a single visit on that chair."""
    single = make_protocol(session, f"Booster {number}", infusions=1)
    other = make_patient(session, clinic.site, number)
    visits = [Visit(1, clinic.chairs[chair].id, start)]
    order = order_for(clinic, visits, key=f"key-of-somebody-{number:04}", patient=other)
    book_course(session, Actor(None, "Ben"), NOW, replace(order, protocol_version_id=single.id))


def gone(visits: "tuple[Visit, ...]", *numbers: int) -> list[Gone]:
    return [Gone(n, "Chair 1", visits[n - 1].start, "Chair 1 is taken then.") for n in numbers]


def repair_of(
    database: Database, clinic: SmallClinic, *numbers: int, visits: "tuple[Visit, ...]" = ()
) -> Repair | None:
    """What is offered when these visits of the set on chair 1 are gone; the set that it leads to holds."""
    visits = visits or set_on(clinic.chairs[0].id, MONDAY)
    with database.read() as session:
        found = repaired(session, NOW, page_of(session, clinic), visits, gone(visits, *numbers))
        if found:
            value = found.href.partition("&set=")[2].removesuffix("#set")
            assert page_of(session, clinic, set=value).problems == ()
            moved = [n for n, (a, b) in enumerate(zip(visits, decode(value), strict=True), 1) if a != b]
            assert moved == list(numbers)
    return found


def test_another_chair_at_the_same_time_is_the_smallest_change(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session, nurses=4)
        take(session, clinic, MONDAY + timedelta(days=7), 0)
    found = repair_of(database, clinic, 4)
    assert found is not None
    assert (found.words, found.number) == ("chair 2", 4)


def test_else_the_nearest_time_of_the_same_day(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        take(session, clinic, MONDAY + timedelta(days=7), 0)
    found = repair_of(database, clinic, 4)
    assert found is not None
    assert found.words == "12:30"


def test_else_another_day_by_name(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session, chairs=1)
        for number, (hour, minute) in enumerate(((8, 0), (10, 0), (12, 30), (14, 30)), 2):
            take(session, clinic, datetime(2026, 12, 16, hour, minute), 0, number)  # noqa: DTZ001
    friday = datetime(2026, 12, 4, 9, 30)  # noqa: DTZ001
    found = repair_of(database, clinic, 6, visits=set_on(clinic.chairs[0].id, friday, (3, 2, 2, 3, 2)))
    assert found is not None
    assert found.words == "Thu 17 Dec 09:30"


def test_two_lost_visits_are_not_patched_one_by_one(database: Database, clinic: SmallClinic) -> None:
    assert repair_of(database, clinic, 2, 4) is None


def test_where_nothing_is_near_nothing_is_offered(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
    visits = set_on(987654321, MONDAY)
    with database.read() as session:
        assert repaired(session, NOW, page_of(session, clinic), visits, gone(visits, 4)) is None


def test_a_repair_that_leaves_another_rule_broken_is_not_offered(
    database: Database, clinic: SmallClinic
) -> None:
    visits = set_on(clinic.chairs[0].id, MONDAY - timedelta(days=7))
    with database.read() as session:
        assert repaired(session, NOW, page_of(session, clinic), visits, gone(visits, 4)) is None

"""Filling: the same every time, all or nothing, once, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.cli.demo import fill as filling
from scheduler.db import Database
from scheduler.models import Course, Infusion, Patient, Site, User
from tests.cli.demo.conftest import EVENING, Made
from tests.support.clinic import small_clinic
from tests.support.demo_clinic import digest, make_clinic, rows_in


def test_two_fills_at_once_make_one_clinic_and_the_same_on_postgresql(
    clinic: Made, postgres_url: str
) -> None:
    database = Database(postgres_url)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: make_clinic(database), range(2)))
    with database.read() as ours, clinic.database.read() as theirs:
        digests = digest(ours), digest(theirs)
    database.dispose()
    assert sorted(made) == [False, True]
    assert digests[0] == digests[1]


def test_the_hour_of_the_day_changes_only_what_has_happened(
    clinic: Made, clinic_of: Callable[[str], Made]
) -> None:
    with clinic_of(EVENING).database.read() as evening, clinic.database.read() as morning:
        assert _booked(evening) == _booked(morning)
        assert digest(evening) != digest(morning)


def test_another_seed_is_another_clinic(clinic: Made, clinic_of: Callable[[str], Made]) -> None:
    with clinic_of("a holiday").database.read() as other, clinic.database.read() as usual:
        assert other.scalars(_NAMES).all() != usual.scalars(_NAMES).all()


def test_a_fill_that_breaks_off_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.read() as session:
        before = rows_in(session)

    def stop(session: Session, *_: object) -> None:
        assert session.scalar(select(User.id).limit(1)) is not None
        raise KeyboardInterrupt

    monkeypatch.setattr(filling, "build_patients", stop)
    with pytest.raises(KeyboardInterrupt):
        make_clinic(database)
    with database.read() as session:
        assert rows_in(session) == before


def test_a_clinic_of_somebodys_own_is_left_alone(database: Database) -> None:
    with database.write() as session:
        small_clinic(session)
    with database.read() as session:
        before = digest(session)
    assert not make_clinic(database)
    with database.read() as session:
        assert digest(session) == before
        assert session.scalars(select(Site.name)).all() == ["Riverside"]


_NAMES = select(Patient.family_name).order_by(Patient.id)


def _booked(session: Session) -> list[object]:
    """Who booked what, and where every visit lies."""
    courses = select(Course.id, Course.patient_id, Course.booked_at, Course.booking_digest)
    visits = select(Infusion.id, Infusion.chair_id, Infusion.starts_at, Infusion.ics_uid)
    return [
        session.execute(courses.order_by(Course.id)).all(),
        session.execute(visits.order_by(Infusion.id)).all(),
    ]

"""Alerts of real courses: raised with the rating that causes them, or as time passes."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.ratings.actions.record import record
from scheduler.features.ratings.entry import RatingEntry
from scheduler.features.ratings.instruments import GAD7
from scheduler.features.ratings.occasions import Slot
from scheduler.features.tasks.alerting.acknowledge import acknowledge
from scheduler.features.tasks.alerts import open_alerts
from scheduler.models import Alert, AlertKind, Course, CourseStatus, Infusion, Patient, Rating, TimePoint
from scheduler.worker.alerts import Watch
from scheduler.worker.tick import Ticker
from tests.features.desk.test_board import counted
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.post import Clock, Recorder, post
from tests.support.visits import add_rating, add_six

BEN = Actor(None, "Ben Carver")
WEEKLY = TimePoint.WEEKLY
LAST = timedelta(days=60)
"""So long ago was the last infusion: the time of all eight weekly ratings has come."""


@dataclass(frozen=True)
class Done:
    """A course of six that is through, with a GAD-7 of 12 at its baseline."""

    database: Database
    clinic: SmallClinic
    last_at: datetime

    def weekly(self, week: int, total: int, replaces: int | None = None) -> int:
        """Record a weekly total; its id."""
        answers = tuple(max(0, min(3, total - 3 * place)) for place in range(7))
        entry = RatingEntry(
            Slot(WEEKLY, week=week),
            GAD7.key,
            answers,
            self.last_at + timedelta(days=7 * week + 1),
            "en",
            replaces=replaces,
            reason="Read wrong" if replaces else None,
        )
        with self.database.write() as session:
            return record(session, BEN, NOW, 1, entry).id

    def watch(self, now: datetime = NOW, watch: Watch | None = None) -> Watch:
        """One look of a worker."""
        found = watch or Watch()
        found.look(post(self.database, Recorder(), Clock(now)))
        return found

    def waiting(self) -> list[tuple[AlertKind, str]]:
        """The kinds that wait with what they say."""
        with self.database.read() as session:
            return [(alert.kind, alert.detail) for alert in open_alerts(session)]


def through(database: Database, ago: timedelta = LAST) -> Done:
    with database.write() as session:
        clinic = small_clinic(session)
        days = [TODAY - ago - timedelta(days=day) for day in (11, 9, 7, 4, 2, 0)]
        course, visits = add_six(session, clinic, days, completed=6)
        course.status, course.closed_at = CourseStatus.COMPLETED, visits[-1].ends_at
        add_rating(session, visits[0], TimePoint.BASELINE, 12, visits[0].starts_at, instrument=GAD7)
        return Done(database, clinic, visits[-1].starts_at)


@pytest.fixture
def done(database: Database) -> Done:
    return through(database)


def test_a_rating_raises_what_it_shows_and_a_correction_takes_it_back(done: Done) -> None:
    first = done.weekly(1, 19)
    assert done.waiting() == [
        (AlertKind.WORSENING, "GAD-7: 19, which is 7 above the baseline of 12."),
    ]
    done.weekly(1, 9, replaces=first)
    assert done.waiting() == []


def test_symptoms_that_return_are_told_again_only_when_they_had_gone_in_between(done: Done) -> None:
    done.weekly(1, 4)
    done.weekly(2, 9)
    assert done.waiting() == [(AlertKind.RELAPSE, "GAD-7: 9 in week 2, after a response from 12.")]
    with done.database.write() as session:
        clinician = Actor(done.clinic.users["clinician"].id, "Clinician")
        acknowledge(session, clinician, NOW, open_alerts(session)[0].id, "Called, a booster is planned")
    done.weekly(3, 10)
    assert done.waiting() == []
    done.weekly(4, 5)
    done.weekly(5, 8)
    assert done.waiting() == [(AlertKind.RELAPSE, "GAD-7: 8 in week 5, after a response from 12.")]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Done]:
    """One course for all examples."""
    path = tmp_path_factory.mktemp("alerts") / "sixfold.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    yield through(database)
    database.dispose()


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_in_whatever_order_ratings_and_corrections_come_the_same_alerts_wait(
    shelf: Done, data: st.DataObject
) -> None:
    totals = data.draw(st.lists(st.sampled_from((3, 6, 9, 18, 20)), min_size=2, max_size=5))
    order = data.draw(st.permutations(range(1, len(totals) + 1)))
    wrong = data.draw(st.dictionaries(st.sampled_from(order), st.sampled_from((3, 9, 20)), max_size=2))
    assert _after(shelf, totals, order, wrong) == _after(shelf, totals, sorted(order), {})


def _after(shelf: Done, totals: Sequence[int], order: Sequence[int], wrong: dict[int, int]) -> set[object]:
    """What waits after the weeks came in this order, those in `wrong` with another total first."""
    with shelf.database.write() as session:
        session.execute(delete(Alert))
        session.execute(delete(Rating).where(Rating.time_point == WEEKLY))
    firsts = {week: shelf.weekly(week, wrong.get(week, totals[week - 1])) for week in order}
    for week in wrong:
        shelf.weekly(week, totals[week - 1], replaces=firsts[week])
    with shelf.database.read() as session:
        rows = session.scalars(select(Alert).where(Alert.withdrawn_at.is_(None)))
        return {(row.kind, row.about, tuple(row.covers), row.level) for row in rows}


def test_time_alone_raises_a_booster_once_and_booking_it_takes_the_alert_back(database: Database) -> None:
    done = through(database, timedelta(days=30))
    for worker in ("one", "two"):
        Ticker(post(database, Recorder(), Clock(NOW), worker)).tick()
    assert [kind for kind, _ in done.waiting()] == [AlertKind.BOOSTER]
    with database.write() as session:
        add_six(session, done.clinic, [TODAY + timedelta(days=5)], chair=1)
    done.watch()
    assert done.waiting() == []


def test_after_six_weeks_no_booster_is_prompted_but_one_that_waits_goes_on_waiting(
    database: Database,
) -> None:
    done = through(database, timedelta(days=50))
    done.watch()
    assert done.waiting() == []
    done.watch(NOW - timedelta(days=10))
    done.watch()
    assert [kind for kind, _ in done.waiting()] == [AlertKind.BOOSTER]


def test_no_booster_is_prompted_for_somebody_who_is_no_patient_any_more(database: Database) -> None:
    done = through(database, timedelta(days=30))
    with database.write() as session:
        session.execute(update(Patient).values(archived_at=NOW))
    done.watch()
    assert done.waiting() == []


def test_an_infusion_that_was_completed_without_a_response_is_found_by_the_next_look(
    database: Database,
) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        days = [TODAY + timedelta(days=day) for day in (-7, -5, -3, 0, 2, 4)]
        _, visits = add_six(session, clinic, days, "08:00", completed=3)
        add_rating(session, visits[0], TimePoint.BASELINE, 12, visits[0].starts_at, instrument=GAD7)
        add_rating(session, visits[3], TimePoint.PRE, 9, instrument=GAD7)
    done = Done(database, clinic, NOW)
    done.watch()
    assert done.waiting() == []
    with database.write() as session:
        session.execute(update(Infusion).where(Infusion.number == 4).values(status="completed"))
    done.watch()
    assert done.waiting() == [
        (AlertKind.NO_RESPONSE, "GAD-7: 9 at best by infusion no. 4, from 12."),
    ]


def test_a_look_takes_no_more_queries_for_more_courses_and_goes_round(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = through(database)
    with counted(database) as few:
        done.watch()
    with database.write() as session:
        for number in range(2, 7):
            patient = make_patient(session, done.clinic.site, number)
            day = TODAY - timedelta(days=number)
            _, visits = add_six(session, done.clinic, [day], patient=patient, completed=1)
            add_rating(session, visits[0], TimePoint.BASELINE, 12, visits[0].starts_at, instrument=GAD7)
    with counted(database) as many:
        done.watch()
    assert len(few) == len(many)
    monkeypatch.setattr("scheduler.worker.alerts.BATCH", 4)
    watch = done.watch()
    with database.read() as session:
        ids = session.scalars(select(Course.id).order_by(Course.id)).all()
    assert watch.after == ids[3]
    assert done.watch(watch=watch).after == 0

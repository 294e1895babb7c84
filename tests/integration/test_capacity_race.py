"""A booking and a change of what it relies on, saved at the same moment, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.capacity.actions.chairs import retire_chair
from scheduler.features.capacity.actions.closures import add_closure
from scheduler.features.courses.actions.book import book_course
from scheduler.features.settings.actions.apply import Change, EffectsError, apply_change
from scheduler.features.settings.effects import judged
from scheduler.features.tasks.queries import open_tasks
from scheduler.models import Patient
from tests.integration.racing import COUNTRY
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic
from tests.support.courses import order_for, set_on

PAIRS = 6
FIRST = datetime(2027, 1, 4, 13)  # noqa: DTZ001 - a Monday, local wall time
Deed = Callable[[], str]


@pytest.fixture
def clinic(database: Database) -> tuple[SmallClinic, list[Patient]]:
    """A chair, a nurse and a patient for each pair."""
    with database.write() as session:
        found = small_clinic(session, chairs=PAIRS, nurses=PAIRS)
        found.site.region, found.site.country = None, COUNTRY
        return found, [make_patient(session, found.site, number) for number in range(10, 10 + PAIRS)]


def booker(database: Database, clinic: SmallClinic, patient: Patient, chair: int) -> Deed:
    """Somebody who books six visits on one chair."""
    order = order_for(clinic, set_on(chair, FIRST), key=f"race-of-patient-{patient.id:08d}", patient=patient)

    def book() -> str:
        try:
            database.attempt(lambda session: book_course(session, COMMAND, NOW, order))
        except ConflictError:
            return "refused"
        return "booked"

    return book


def changer(database: Database, change: Change) -> Deed:
    """Somebody who saves a change, and agrees to the visits that they were shown, however often."""

    def save() -> str:
        agreed = ""
        while True:
            try:
                database.attempt(partial(apply_change, actor=COMMAND, at=NOW, change=change, agreed=agreed))
            except EffectsError as shown:
                agreed = shown.agreed
            else:
                return "saved"

    return save


def test_no_visit_stands_outside_the_capacity_without_being_a_task(
    database: Database, clinic: tuple[SmallClinic, list[Patient]]
) -> None:
    place, patients = clinic
    deeds: list[Deed] = []
    for number, (patient, chair) in enumerate(zip(patients, place.chairs, strict=True)):
        deeds.append(booker(database, place, patient, chair.id))
        if number % 2:
            off = FIRST.date() + timedelta(days=2)
            deeds.append(changer(database, partial(retire_chair, chair_id=chair.id, first_day_off=off)))
        else:
            shut = partial(add_closure, site_id=place.site.id, chair_id=chair.id, reason="Service")
            deeds.append(changer(database, partial(shut, starts=FIRST, ends=FIRST + timedelta(days=1))))
    start = Barrier(len(deeds))

    def run(deed: Deed) -> str:
        start.wait()
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        ends = list(pool.map(run, deeds))
    assert ends[1::2] == ["saved"] * PAIRS
    with database.read() as session:
        broken = {each.infusion_id for each in judged(session, NOW).values() if each.why}
        listed = {task.infusion_id for task in open_tasks(session)}
        assert broken <= listed
        assert len(judged(session, NOW)) == 6 * ends[0::2].count("booked")

"""Many people move visits at once: one wins each place and each visit, on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.courses.actions.place import Placement, place_visits
from tests.support.booked import make_course, wall
from tests.support.changes import LATER, ROSA, booked, visits
from tests.support.clinic import SmallClinic, make_patient, small_clinic

MOVERS = 20
TARGET = datetime(2027, 1, 26, 13, 30)  # noqa: DTZ001 - local wall time


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """The small clinic, committed."""
    with database.write() as session:
        return small_clinic(session)


def race(moves: list[Callable[[], object]]) -> Counter[str]:
    """Run all at once; how many were done and how many refused."""
    start = Barrier(len(moves))

    def run(move: Callable[[], object]) -> str:
        start.wait()
        try:
            move()
        except ConflictError as refused:
            knows_why = "changed by Rosa" in refused.sentence or bool(refused.extra.get("gone"))
            return "refused" if knows_why else "refused without a reason"
        return "done"

    with ThreadPoolExecutor(len(moves)) as pool:
        return Counter(pool.map(run, moves))


def mover(database: Database, course: int, spot: Placement) -> Callable[[], object]:
    """One person who saw the visit as it was booked."""
    seen = {spot.infusion_id or 0: 1}
    return lambda: database.attempt(lambda s: place_visits(s, ROSA, LATER, course, [spot], seen=seen))


def test_two_moves_of_one_visit_end_in_one_and_one_that_says_who_was_first(
    database: Database, clinic: SmallClinic
) -> None:
    course = booked(database, clinic)
    with database.read() as session:
        row = visits(session, course)[2]
    spots = [
        Placement(3, row.chair_id or 0, datetime(2026, 12, 4, hour, 0), row.id)  # noqa: DTZ001
        for hour in (13, 14)
    ]
    assert race([mover(database, course, spot) for spot in spots]) == {"done": 1, "refused": 1}
    with database.read() as session:
        assert visits(session, course)[2].schedule_version == 2


def test_twenty_movers_onto_one_slot_end_in_one_visit_there(database: Database, clinic: SmallClinic) -> None:
    chair = clinic.chairs[0].id
    moves = []
    with database.write() as session:
        first = wall(clinic, "2026-12-01 09:30")
        for number in range(MOVERS):
            patient = make_patient(session, clinic.site, 10 + number)
            course, rows = make_course(session, clinic, [first + timedelta(days=number)], patient=patient)
            moves.append(mover(database, course.id, Placement(1, chair, TARGET, rows[0].id)))
    assert race(moves) == {"done": 1, "refused": MOVERS - 1}

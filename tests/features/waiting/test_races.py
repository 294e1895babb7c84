"""Offers hold nothing, and nothing is booked twice: raced on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from scheduler.db import Database
from scheduler.errors import ConflictError
from scheduler.features.courses.actions.place import Placement, place_visits
from scheduler.features.waiting.actions.answer import accept, offer
from scheduler.features.waiting.actions.tend import expire_offers
from scheduler.features.waiting.queries import entry
from scheduler.models import CourseChange, Infusion, WaitingEvent, WaitingStatus
from tests.features.waiting.room import ROSA, free, full_friday, seen, wait, waiting_course
from tests.support.booked import wall
from tests.support.clinic import NOW, SmallClinic

FREED = "2026-12-04 10:00"


def race(*works: Callable[[], object]) -> list[str]:
    """Run all at once; by work, "done" or the sentence of the refusal."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait()
        try:
            work()
        except ConflictError as error:
            return error.sentence
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def two_waiting(database: Database) -> tuple[SmallClinic, list[tuple[int, str]]]:
    """Two patients who could have the freed visit: entry and move of each."""
    with database.write() as session:
        clinic, friday = full_friday(session)
        for number, clock in ((2, "09:30"), (3, "13:00")):
            wait(session, waiting_course(session, clinic, clock, number)[2])
    free(database, friday[1])
    moves = [(line.entry.id, line.find.way.value) for line in seen(database) if line.find]
    assert len(moves) == 2
    return clinic, moves


def taker(database: Database, entry_id: int, move: str) -> Callable[[], object]:
    """Somebody at the desk who hears a yes."""
    return lambda: database.attempt(lambda s: accept(s, ROSA, NOW, entry_id, move))


def standing_there(database: Database, clinic: SmallClinic) -> int:
    """How many visits stand in the freed room."""
    there = (Infusion.starts_at == wall(clinic, FREED), Infusion.status == "scheduled")
    with database.read() as session:
        return session.scalar(select(func.count(Infusion.id)).where(*there)) or 0


def test_two_patients_who_accept_one_freed_visit_end_in_one_move(database: Database) -> None:
    clinic, moves = two_waiting(database)
    told = race(*(taker(database, *each) for each in moves))
    assert told.count("done") == 1
    (refusal,) = [each for each in told if each != "done"]
    assert refusal == "Nothing was moved. No. 3, Fri 4 Dec 10:00: Chair 1 is taken then."
    assert standing_there(database, clinic) == 1
    with database.read() as session:
        states = [entry(session, entry_id).status for entry_id, _ in moves]
    assert sorted(states) == [WaitingStatus.ACCEPTED, WaitingStatus.WAITING]


def test_an_acceptance_and_a_move_onto_the_same_room_end_in_one_visit_there(database: Database) -> None:
    clinic, moves = two_waiting(database)
    with database.write() as session:
        other = waiting_course(session, clinic, "15:30", 7)[2]
    spot = Placement(3, clinic.chairs[0].id, wall(clinic, FREED).replace(tzinfo=None, hour=10), other.id)
    rival = lambda: database.attempt(  # noqa: E731
        lambda s: place_visits(s, ROSA, NOW, other.course_id, [spot], seen={other.id: 1})
    )
    told = race(taker(database, *moves[0]), rival)
    assert sorted(each == "done" for each in told) == [False, True]
    assert "Chair 1 is taken then." in next(each for each in told if each != "done")
    assert standing_there(database, clinic) == 1


def test_an_offer_whose_room_is_gone_says_so(database: Database) -> None:
    _, moves = two_waiting(database)
    database.attempt(lambda s: offer(s, ROSA, NOW, *moves[0]))
    assert [line.gone for line in seen(database) if line.entry.id == moves[0][0]] == [False]
    taker(database, *moves[1])()
    assert [line.gone for line in seen(database) if line.entry.id == moves[0][0]] == [True]


def test_two_clicks_on_accept_move_once(database: Database) -> None:
    clinic, moves = two_waiting(database)
    assert race(*(taker(database, *moves[0]) for _ in range(4))) == ["done"] * 4
    with database.read() as session:
        changes = session.scalar(select(func.count(CourseChange.id)).where(CourseChange.kind == "moved"))
    assert (changes, standing_there(database, clinic)) == (1, 1)


def test_two_workers_let_one_offer_run_out_once(database: Database) -> None:
    _, moves = two_waiting(database)
    waiting = database.attempt(lambda s: offer(s, ROSA, NOW, *moves[0]))
    until = waiting.offer_until
    assert until is not None
    worker = lambda: database.attempt(lambda s: expire_offers(s, until))  # noqa: E731
    assert race(worker, worker) == ["done", "done"]
    with database.read() as session:
        steps = session.scalars(select(WaitingEvent.step).order_by(WaitingEvent.id)).all()
        assert entry(session, moves[0][0]).status is WaitingStatus.EXPIRED
    assert list(steps).count("expire") == 1

"""A thousand messages, two workers at a time, thirty of them killed: nothing is lost, and all come in order.

The mail server is as bad as they come on top: it puts off, hangs up in the middle, and hangs up after it has
taken a message. A copy too many comes only from a worker killed, or a connection lost, between the server's
taking a message and our noting it; and it is the same mail, byte for byte.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from multiprocessing.context import ForkServerProcess

import pytest
from sqlalchemy import insert, select

from scheduler import clock
from scheduler.db import Database
from scheduler.models import Channel, Message, MessageStatus, Purpose
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, make_patient, small_clinic
from tests.support.hurried_worker import start_worker
from tests.support.smtp_server import Mood, SmtpServer, smtp_server

PATIENTS, EACH, KILLS = 100, 10, 30
TOTAL = PATIENTS * EACH
BAD = (Mood.REFUSE_FOR_NOW, Mood.DROP_IN_DATA, Mood.DROP_AFTER_TAKING, Mood.CLOSE_FOR_NOW)
BAD_EVERY = 40


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        running.moods.update(
            {at: BAD[n % len(BAD)] for n, at in enumerate(range(BAD_EVERY, TOTAL, BAD_EVERY))}
        )
        yield running


def fill(database: Database) -> None:
    """Ten messages for each of a hundred patients, of whom each has one visit."""
    with database.write() as session:
        clinic = small_clinic(session)
        rows = []
        for number in range(PATIENTS):
            person = make_patient(session, clinic.site, 10 + number)
            start = wall(clinic, "2026-12-01 08:00") + timedelta(days=number // 4, hours=2 * (number % 4))
            course, (visit,) = make_course(session, clinic, [start], patient=person)
            rows += [_row(visit.id, course.id, person.id, number, turn) for turn in range(EACH)]
        rows.sort(key=lambda row: str(row["dedupe_key"]))  # The patients' messages stand among each other's.
        session.execute(insert(Message), rows)


def _row(visit: int, course: int, patient: int, number: int, turn: int) -> dict[str, object]:
    return {
        "dedupe_key": f"{turn}-{number:03}",
        "purpose": Purpose.INVITATION if turn == 0 else Purpose.REMINDER,
        "channel": Channel.EMAIL,
        "status": MessageStatus.QUEUED,
        "patient_id": patient,
        "course_id": course,
        "infusion_id": visit,
        "schedule_version": 1,
        "language": "en",
        "facts": {"days_before": turn},
        "message_id": f"<{number}.{turn}@riverside.example>",
        "created_at": NOW,
        "due_at": NOW,
        "attempts": 0,
        "fence": 0,
        "next_attempt_at": NOW,
    }


def test_thirty_kills_lose_nothing_and_keep_the_order_of_every_patient(
    database: Database, server: SmtpServer
) -> None:
    fill(database)
    since = clock.now()
    started = 0

    def start() -> ForkServerProcess:
        nonlocal started
        started += 1
        return start_worker(database.url, server.url, since, f"worker-{started}")

    workers = [start(), start()]
    for number in range(1, KILLS + 1):
        assert server.wait_for(number * TOTAL // (KILLS + 2), timeout=120)
        victim = workers.pop(0)
        victim.kill()
        victim.join(30)
        workers.append(start())
    for worker in workers:
        worker.join(120)
        assert worker.exitcode == 0
    with database.read() as session:
        states = Counter(session.scalars(select(Message.status)))
    assert states == {MessageStatus.SENT: TOTAL}
    _arrived_as_promised(server)


def _arrived_as_promised(server: SmtpServer) -> None:
    copies: dict[str, list[bytes]] = defaultdict(list)
    turns: dict[str, list[int]] = defaultdict(list)
    for body in server.taken:
        name: str = message_from_bytes(body)["Message-ID"]
        number, _, turn = name.strip("<").partition("@")[0].partition(".")
        if name not in copies:
            turns[number].append(int(turn))
        copies[name].append(body)
    assert len(copies) == TOTAL, "nothing is lost"
    assert set(map(tuple, turns.values())) == {tuple(range(EACH))}, "no message overtakes an earlier one"
    assert all(len(set(same)) == 1 for same in copies.values()), "a copy is the same mail"
    hung_up = sum(mood is Mood.DROP_AFTER_TAKING for mood in server.moods.values())
    assert len(server.taken) - TOTAL <= KILLS + hung_up

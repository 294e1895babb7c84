"""Two web servers and two workers on one PostgreSQL, each a process, while people book and move at once.

Nothing that is true of one process may depend on it: what a server keeps in memory, the order of locks, who
sends which mail.
"""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from sqlalchemy import select, update

from scheduler import clock
from scheduler.config import ROOT
from scheduler.db import Database
from scheduler.features.accounts.passwords import STRONG
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.moving.order import encode_move
from scheduler.features.courses.order import encode
from scheduler.features.courses.placing import Placement
from scheduler.models import (
    Course,
    CourseChange,
    Infusion,
    Message,
    MessageStatus,
    Patient,
    Purpose,
    User,
    WorkerTick,
)
from tests.integration.racing import COUNTRY, form_of, next_monday, no_overlap
from tests.support.changes import ROSA, confirmation_left
from tests.support.clinic import SmallClinic, make_patient, small_clinic, zone_at_noon
from tests.support.courses import order_for, set_on
from tests.support.server import PASSWORD, Server, csrf_of, running_server, signed_in_client
from tests.support.smtp_server import SmtpServer, smtp_server

MOVERS, BOOKERS, VISITS = 6, 6, 6


@dataclass(frozen=True)
class Stage:
    """The clinic before the race: who books, and the last visit of each course that is moved."""

    clinic: SmallClinic
    bookers: list[Patient]
    visits: list[Infusion]


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """One PostgreSQL for all."""
    found = Database(postgres_url)
    yield found
    found.dispose()


@pytest.fixture
def stage(database: Database) -> Stage:
    """Three chairs; six courses in the morning and late afternoon; the hours from 13:00 are free."""
    with database.write() as session:
        clinic = small_clinic(session, chairs=3, nurses=8)
        clinic.site.region, clinic.site.country = None, COUNTRY
        patients = [make_patient(session, clinic.site, 10 + number) for number in range(MOVERS + BOOKERS)]
        for patient in patients:
            patient.time_zone = zone_at_noon(clock.now())
        session.execute(update(User).values(password_hash=STRONG.hash(PASSWORD)))
    for number, patient in enumerate(patients[:MOVERS]):
        start = next_monday().replace(hour=8 if number < 3 else 15, minute=0 if number < 3 else 30)
        visits = set_on(clinic.chairs[number % 3].id, start)
        order = order_for(clinic, visits, patient=patient, key=f"before-the-race-{number:04d}")
        database.attempt(lambda s, order=order: book_course(s, ROSA, clock.now(), order))  # type: ignore[misc]
    confirmation_left(database)
    with database.read() as session:
        last = session.scalars(select(Infusion).where(Infusion.number == 6).order_by(Infusion.id)).all()
    return Stage(clinic, patients[MOVERS:], list(last))


@contextmanager
def running_worker(database: Database, server: SmtpServer, home: Path) -> Iterator[None]:
    """The worker as a process of its own until the block ends."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.support.worker_process", "run", database.url, server.url, str(home)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)


def move_form(stage: Stage, row: Infusion, chair: int, start: datetime, key: str) -> dict[str, object]:
    """What the move page sends for one visit that was seen as it was booked."""
    spot = Placement(row.number, stage.clinic.chairs[chair].id, start, row.id)
    return {
        "day": start.date().isoformat(),
        "time": f"{start:%H:%M}",
        "key": key,
        "proposal": "r1",
        "set-r1": encode_move([spot], {row.id: 1}),
    }


def posts(stage: Stage) -> list[tuple[str, dict[str, object]]]:
    """Everybody wants 13:00: two bookers a chair for all six days, two movers a visit for the last one."""
    first = next_monday()
    found: list[tuple[str, dict[str, object]]] = []
    for number, patient in enumerate(stage.bookers):
        dates = encode(set_on(stage.clinic.chairs[number % 3].id, first))
        found.append(("/courses", form_of("", stage.clinic, patient, dates, f"race-book-{number:010d}")))
    for number, row in enumerate(stage.visits):
        for other in range(2):
            start = first + timedelta(days=11, minutes=20 * other)
            # On one chair: the second move overlaps none but its own visit, so only what was seen refuses it.
            form = move_form(stage, row, number % 3, start, f"race-move-{number}-{other}-key")
            found.append((f"/infusions/{row.id}/move", form))
    return found


def race(servers: list[Server], email: str, wanted: list[tuple[str, dict[str, object]]]) -> list[int]:
    """Send all at once, in turn to each server; what each was answered."""
    doors = []
    for server in servers:
        with closing(signed_in_client(server, email)) as client:
            token = csrf_of(client.get("/courses/new").text)
            doors.append((server.address, dict(client.cookies), token))
    start = Barrier(len(wanted))

    def send(number: int) -> int:
        address, cookies, token = doors[number % len(doors)]
        path, form = wanted[number]
        with httpx.Client(base_url=address, cookies=cookies, timeout=90) as client:
            start.wait()
            return client.post(path, data={**form, "csrf_token": token}).status_code

    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(send, range(len(wanted))))


def test_two_servers_and_two_workers_book_and_move_without_a_double_or_a_loss(
    database: Database, stage: Stage, tmp_path: Path
) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    wanted = posts(stage)
    with smtp_server() as door, ExitStack() as running:
        for folder in folders:
            running.enter_context(running_worker(database, door, folder))
        servers = [running.enter_context(running_server(database.url, folder)) for folder in folders]
        answers = race(servers, stage.clinic.users["front_desk"].email, wanted)
        assert set(answers) == {303, 409}
        done = [path for (path, _), status in zip(wanted, answers, strict=True) if status == 303]
        moved = Counter(path for path in done if path != "/courses")
        booked = len(done) - moved.total()
        mails = moved.total() + booked * (1 + VISITS)
        assert door.wait_for(mails, 90), "a summary and an invitation for each visit, a mail for each move"
    _rows_agree(database, stage, booked, moved)
    told = Counter(message_from_bytes(body)["Message-ID"] for body in door.taken)
    assert set(told.values()) == {1} and len(told) == mails


def _rows_agree(database: Database, stage: Stage, booked: int, moved: Counter[str]) -> None:
    """What was answered is what stands, in the rows, in the history and in the outbox."""
    with database.read() as session:
        assert no_overlap(session)
        assert len(session.scalars(select(Course.id)).all()) == MOVERS + booked
        for row in stage.visits:
            now = session.get_one(Infusion, row.id)
            times = moved[f"/infusions/{row.id}/move"]
            assert now.schedule_version == 1 + times, "an update was lost"
            assert times <= 1, "both saw the visit as it was booked"
        kinds = Counter(session.scalars(select(CourseChange.kind)))
        assert kinds == Counter({"booked": MOVERS + booked, "moved": moved.total()})
        messages = session.scalars(select(Message)).all()
        purposes = Counter(message.purpose for message in messages)
        assert purposes[Purpose.BOOKING_CONFIRMATION] == MOVERS + booked
        assert purposes[Purpose.VISIT_MOVED] == moved.total()
        assert {message.status for message in messages} == {MessageStatus.SENT}
        assert len(session.scalars(select(WorkerTick)).all()) == 2

"""Workers as processes: killed, doubled, told to stop."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select

from scheduler import clock
from scheduler.config import ROOT
from scheduler.db import Database
from scheduler.features.outbox.actions.claim import LEASE
from scheduler.features.outbox.queries import health
from scheduler.models import Message, MessageAttempt, MessageStatus, WorkerTick
from scheduler.worker.deliver import deliver_due
from tests.support.booked import confirm, make_course
from tests.support.clinic import SmallClinic, make_patient, zone_at_noon
from tests.support.post import Clock, post, smtp
from tests.support.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


def book(database: Database, clinic: SmallClinic, count: int) -> None:
    """Confirmations that are due by the real clock, which is the one that processes have."""
    now = clock.now()
    with database.write() as session:
        for number in range(count):
            person = make_patient(session, clinic.site, number + 10)
            person.time_zone = zone_at_noon(now)
            start = now + timedelta(days=10 + number)
            course, visits = make_course(session, clinic, [start], patient=person, booked_at=now)
            confirm(session, course, visits, now)


def start(mode: str, database: Database, server: SmtpServer, home: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.worker_process", mode, database.url, server.url, str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ids(server: SmtpServer) -> list[str]:
    return [message_from_bytes(body)["Message-ID"] for body in server.taken]


def states(database: Database) -> list[MessageStatus]:
    with database.read() as session:
        return list(session.scalars(select(Message.status).order_by(Message.id)))


def test_a_worker_killed_between_sending_and_recording_costs_a_duplicate_with_the_same_number(
    database: Database, clinic: SmallClinic, server: SmtpServer, tmp_path: Path
) -> None:
    book(database, clinic, 1)
    killed = start("die", database, server, tmp_path)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert states(database) == [MessageStatus.SENDING]
    after = Clock(clock.now() + LEASE)
    means = post(database, smtp(server.url), after)
    deliver_due(means)
    means.transport.close()
    assert states(database) == [MessageStatus.SENT]
    assert len(server.taken) == 2 and server.taken[0] == server.taken[1]
    with database.read() as session:
        told = list(session.scalars(select(MessageAttempt.outcome).order_by(MessageAttempt.id)))
    assert told == ["lapsed", "sent"]


def test_a_worker_frozen_past_its_lease_wakes_to_find_its_message_settled_by_another(
    database: Database, clinic: SmallClinic, server: SmtpServer, tmp_path: Path
) -> None:
    book(database, clinic, 2)
    frozen = start("freeze", database, server, tmp_path)
    os.waitid(os.P_PID, frozen.pid, os.WSTOPPED | os.WNOWAIT)
    means = post(database, smtp(server.url), Clock(clock.now() + LEASE), "the other")
    assert deliver_due(means) == 2
    means.transport.close()
    os.kill(frozen.pid, signal.SIGCONT)
    said, _ = frozen.communicate(timeout=60)
    assert frozen.returncode == 0, said
    assert "message_result_too_late" in said
    assert states(database) == [MessageStatus.SENT] * 2
    copies = Counter(server.taken)
    assert sorted(copies.values()) == [1, 2], "the copy that the promise allows is the same mail"
    with database.read() as session:
        told = session.execute(select(MessageAttempt.outcome).order_by(MessageAttempt.id)).scalars().all()
    assert Counter(told) == {"lapsed": 2, "sent": 2}, "one was on its way, the next one ready to go"


def test_before_the_lease_ends_nobody_takes_over(
    database: Database, clinic: SmallClinic, server: SmtpServer, tmp_path: Path
) -> None:
    book(database, clinic, 1)
    start("die", database, server, tmp_path).communicate(timeout=60)
    means = post(database, smtp(server.url), Clock(clock.now()))
    assert deliver_due(means) == 0
    assert len(server.taken) == 1


def test_two_workers_never_send_one_message_twice(
    database: Database, clinic: SmallClinic, server: SmtpServer, tmp_path: Path
) -> None:
    book(database, clinic, 30)
    workers = [start("deliver", database, server, tmp_path) for _ in range(3)]
    for worker in workers:
        said, _ = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
    assert states(database) == [MessageStatus.SENT] * 30
    assert set(Counter(ids(server)).values()) == {1}
    assert len(ids(server)) == 30


def test_the_worker_sends_shows_its_pulse_and_stops_when_told(
    database: Database, clinic: SmallClinic, server: SmtpServer, tmp_path: Path
) -> None:
    book(database, clinic, 2)
    worker = start("run", database, server, tmp_path)
    arrived = server.wait_for(2)
    worker.send_signal(signal.SIGTERM)
    said, _ = worker.communicate(timeout=60)
    assert arrived, said
    assert worker.returncode == 0, said
    assert states(database) == [MessageStatus.SENT] * 2, "the message in hand was recorded first"
    with database.read() as session:
        tick = session.scalars(select(WorkerTick)).one()
        assert tick.ticks >= 1 and tick.last_error is None
        assert health(session, tick.last_tick_at, 1).is_well
        assert health(session, tick.last_tick_at + timedelta(minutes=2), 1).worker == "stopped"

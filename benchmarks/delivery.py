"""One worker over SMTP against a bare `smtplib` loop that sends the same mails on one kept-open connection.

Each course brings a summary and six invitations. The bare loop has all facts in its hands: it composes the
mail, sends it and commits one row for each, with the durability of the same database. The worker claims,
looks again at what is true, composes, sends and records. They take turns with fresh messages; the mail server
is a process of its own.
"""

import multiprocessing
import smtplib
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import structlog
from sqlalchemy import Engine, select, text

from scheduler.db import Database, migrate
from scheduler.features.outbox.actions.invite import invite
from scheduler.features.outbox.calendar_parts import event_facts
from scheduler.features.outbox.letters import Letter, visit_facts, words_of
from scheduler.models import Infusion, Message, MessageStatus, Patient, Purpose
from scheduler.rendering import ics, mail
from scheduler.worker.deliver import deliver_due
from tests.support.booked import confirm, make_course, wall
from tests.support.clinic import NOW, SmallClinic, make_patient, small_clinic
from tests.support.post import BASE, Clock, post, smtp
from tests.support.postgres import PostgresServer
from tests.support.smtp_server import smtp_server

SIZES = ((20, 7), (80, 3))
"""Courses that wait at once, and rounds: with four times as many the middle of fewer is as steady."""
VISITS = 6
LEAST = 0.7
LINK = f"{BASE}/v/{'a' * 43}"
BARE_TABLE = (
    "CREATE TABLE bare_sent (message_id text PRIMARY KEY, recipient text NOT NULL, sent_at text NOT NULL)"
)
BARE_ROW = "INSERT INTO bare_sent (message_id, recipient, sent_at) VALUES (:message_id, :recipient, :sent_at)"


@dataclass(frozen=True)
class Facts:
    """All that the bare loop needs to write one mail."""

    message: Message
    letter: Letter


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print(f"each course: a summary and {VISITS} invitations; the middle of the rounds")
    print(
        f"{'database':>11} {'mails':>6} {'bare/s':>8} {'worker/s':>9} {'worker/bare':>12} {'least':>7} "
        f"{'most':>7} {'growth':>7}"
    )
    with _mail_server() as server_url:
        with tempfile.TemporaryDirectory() as folder:
            _rows("sqlite", lambda size: f"sqlite:///{folder}/{size}.sqlite3", server_url)
        server = PostgresServer.start(durable=True)
        try:
            _rows("postgresql", lambda size: _created(server, f"bench{size}"), server_url)
        finally:
            server.stop()
    print(f"at least: worker / bare {LEAST}; growth is told in it, as the first share over this one")


def _created(server: PostgresServer, name: str) -> str:
    server.create_database(name)
    return server.url(name)


def _rows(name: str, url_for: Callable[[int], str], server_url: str) -> None:
    first = 0.0
    for courses, rounds in SIZES:
        pairs = measure(url_for(courses), server_url, rounds, courses)
        bare, worker = (statistics.median(side) for side in zip(*pairs, strict=True))
        ratios = sorted(worker / bare for bare, worker in pairs)
        share = statistics.median(ratios)
        first = first or share
        print(
            f"{name:>11} {courses * (1 + VISITS):>6} {bare:>8.0f} {worker:>9.0f} {share:>12.3f} "
            f"{ratios[0]:>7.3f} {ratios[-1]:>7.3f} {first / share:>7.2f}",
            flush=True,
        )


def measure(url: str, server_url: str, rounds: int, courses: int) -> list[tuple[float, float]]:
    """Mails a second of the bare loop and of the worker, round by round."""
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        clinic = small_clinic(session, chairs=2 * courses)
    with database.engine.begin() as connection:
        connection.execute(text(BARE_TABLE))
    means = post(database, smtp(server_url), Clock(NOW))
    pairs = []
    try:
        with _connection(server_url) as bare:
            for number in range(rounds + 1):
                facts = _fill(database, clinic, 2 * number, courses)
                slow = _rate(len(facts), lambda facts=facts: _bare(database.engine, bare, facts))
                _forget(database)
                count = len(_fill(database, clinic, 2 * number + 1, courses))
                pairs.append((slow, _rate(count, lambda count=count: _worker(means, count))))
    finally:
        means.transport.close()
        database.dispose()
    return pairs[1:]  # The first round loads templates.


def _rate(count: int, work: Any) -> float:
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def _worker(means: Any, count: int) -> None:
    done = deliver_due(means)
    if done != count:
        raise RuntimeError(f"{done} of {count} messages were dealt with.")


def _bare(engine: Engine, server: smtplib.SMTP, facts: Sequence[Facts]) -> None:
    with engine.connect() as connection:
        for one in facts:
            letter, message = one.letter, one.message
            words = words_of(letter, {letter.site.id: letter.site}, LINK)
            body = mail.compose(
                words, letter.clinic, letter.address, message.message_id, NOW, "en", _calendar(letter)
            )
            server.sendmail(letter.clinic.from_address, [letter.address], body)
            values = {
                "message_id": message.message_id,
                "recipient": letter.address,
                "sent_at": NOW.isoformat(),
            }
            connection.execute(text(BARE_ROW), values)
            connection.commit()


def _calendar(letter: Letter) -> mail.CalendarPart | None:
    if letter.message.purpose is not Purpose.INVITATION:
        return None
    (visit,) = letter.visits
    facts = event_facts(visit, visit_facts(visit, letter.site))
    return mail.CalendarPart("REQUEST", ics.invitation(facts, letter.address, "REQUEST", letter.locale, "en"))


def _fill(database: Database, clinic: SmallClinic, block: int, courses: int) -> list[Facts]:
    """Courses with a summary and an invitation for each visit, in the order in which they are sent."""
    with database.write() as session:
        for number in range(courses):
            person = make_patient(session, clinic.site, 1000 * (block + 1) + number)
            first = wall(clinic, "2026-11-16 08:00") + timedelta(days=21 * block)
            starts = [first + timedelta(days=3 * turn) for turn in range(VISITS)]
            course, visits = make_course(session, clinic, starts, patient=person, chair=number)
            confirm(session, course, visits)
            invite(session, NOW, person, visits)
        session.flush()
        waiting = select(Message).where(Message.status == MessageStatus.QUEUED).order_by(Message.id)
        return [_facts(session, clinic, message) for message in session.scalars(waiting)]


def _facts(session: Any, clinic: SmallClinic, message: Message) -> Facts:
    person = session.get_one(Patient, message.patient_id)
    ids = (
        [message.infusion_id] if message.infusion_id else [v["infusion_id"] for v in message.facts["visits"]]
    )
    visits = [session.get_one(Infusion, found) for found in ids]
    return Facts(message, Letter(message, person, person.email or "", clinic.site, visits))


def _forget(database: Database) -> None:
    """Settle what the bare loop has sent, so that the worker does not send it too."""
    with database.write() as session:
        session.execute(text("UPDATE messages SET status = 'sent' WHERE status = 'queued'"))


@contextmanager
def _connection(url: str) -> Iterator[smtplib.SMTP]:
    host, _, port = url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port), local_hostname="localhost") as server:
        yield server


@contextmanager
def _mail_server() -> Iterator[str]:
    """A mail server in a process of its own; gives its address."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        here.send("stop")
        process.join(30)


def _serve(told: Connection) -> None:
    with smtp_server() as server:
        told.send(server.url)
        told.recv()

"""A feed of about 1,000 visits: made from kept entries against the library, and answered with 304 over HTTP.

The library builds the same calendar from the same facts and writes it, byte for byte the same. A feed is
measured twice: the bytes alone from facts that were read, and the whole of it, reading included. The 304
answers are those of the real server over kept-open connections, against a bare Flask route on the same server
with the same processes and threads, in turn, so that both meet the same machine.
"""

import re
import socket
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy import select

from benchmarks._bare_route import running_bare_route
from benchmarks._clinic import fill_visits, make_clinic
from scheduler import clock
from scheduler.actor import COMMAND
from scheduler.cli.serve import PROCESSES, THREADS
from scheduler.db import Database, migrate
from scheduler.features.calendars.feeds.change import make_feed
from scheduler.features.calendars.feeds.entries import FeedFacts, facts_of
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.models import Duty, DutyPattern, Role, UserRole
from scheduler.rendering import feeds
from tests.support.postgres import PostgresServer
from tests.support.server import running_server

PAST = 20_000
CHAIRS = 4
ROUNDS = 7
CLIENTS = 4
ASKS = 400
LEAST_TIMES = 10
LEAST_SHARE = 0.5


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'sixfold.sqlite3'}"
        _rows("sqlite", url, Path(folder))
    server = PostgresServer.start(durable=True)
    try:
        server.create_database("bench")
        with tempfile.TemporaryDirectory() as folder:
            _rows("postgresql", server.url("bench"), Path(folder))
    finally:
        server.stop()
    print(f"at least: library / kept {LEAST_TIMES}; 304 / bare route {LEAST_SHARE}")


def _rows(name: str, url: str, folder: Path) -> None:
    migrate.upgrade(url)
    database = Database(url)
    owner, token = fill(database, clock.now())
    count, by_library, kept, whole = times(database, owner)
    faster = (
        f"{by_library / kept:.0f} times; {whole * 1000:.1f} ms with reading, {by_library / whole:.0f} times"
    )
    said = f"{count} visits: library {by_library * 1000:.1f} ms, kept {kept * 1000:.2f} ms ({faster})"
    print(f"{name:>11}  {said}", flush=True)
    database.dispose()
    with running_server(url, folder) as server, running_bare_route(PROCESSES, THREADS) as bare:
        feed = f"{server.address}/feeds/{token}.ics"
        rates = [(rate(feed, 304), rate(bare, 200)) for _ in range(3)]
    not_modified, plain = (statistics.median(column) for column in zip(*rates, strict=True))
    share = f"{not_modified / plain:.2f}"
    print(f"{'':>11}  304 answers {not_modified:.0f} / s, bare route {plain:.0f} / s ({share})", flush=True)


def fill(database: Database, now: datetime, past: int = PAST, chairs: int = CHAIRS) -> tuple[Owner, str]:
    """A clinic with one clinician, `past` visits behind, half of all places ahead taken; their feed."""
    with database.write() as session:
        site = make_clinic(session, now, chairs, 400)
        fill_visits(session, site, now, past, 0.5)
        person = session.scalars(
            select(DutyPattern.user_id).where(DutyPattern.duty == Duty.CLINICIAN)
        ).first()
        session.add(UserRole(user_id=person, role=Role.CLINICIAN))
    owner = Owner("user", person or 0)
    with database.write() as session:
        return owner, make_feed(session, COMMAND, now, owner)


def times(database: Database, owner: Owner) -> tuple[int, float, float, float]:
    """How many entries; seconds of the library, of the kept entries, and of those with reading. Medians.

    Raises AssertionError where the bytes differ.
    """
    now = clock.now()
    facts = _read(database, owner, now)
    whole_file = feeds.whole_calendar(facts.entries, facts.name, facts.language)
    assert feeds.feed(facts.entries, facts.name, facts.language) == (whole_file, 0)
    by_library, kept, reading = [], [], []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        feeds.whole_calendar(facts.entries, facts.name, facts.language)
        by_library.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        facts = _read(database, owner, now)
        read = time.perf_counter()
        feeds.feed(facts.entries, facts.name, facts.language)
        ended = time.perf_counter()
        kept.append(ended - read)
        reading.append(ended - begun)
    middle = statistics.median
    return len(facts.entries), middle(by_library), middle(kept), middle(reading)


def _read(database: Database, owner: Owner, now: datetime) -> FeedFacts:
    with database.read() as session:
        return facts_of(session, owner, now)


def rate(address: str, wanted: int) -> float:
    """Answers a second that CLIENTS get over kept-open connections, each asking with the tag it knows."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _: _ask(address, wanted, 20), range(CLIENTS)))  # Wake both processes.
        begun = time.perf_counter()
        list(pool.map(lambda _: _ask(address, wanted, ASKS), range(CLIENTS)))
        return CLIENTS * ASKS / (time.perf_counter() - begun)


def _ask(address: str, wanted: int, count: int) -> None:
    """Ask so often over one connection. The answers are read off the socket as they are: a client that takes
    each apart into objects would be busier than the servers that it measures.
    """
    parts = urlsplit(address)
    etag = httpx.get(address, timeout=60).headers.get("ETag")
    known = f"If-None-Match: {etag}\r\n" if etag else ""
    question = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{known}\r\n".encode()
    with socket.create_connection((parts.hostname or "", parts.port or 80), 60) as connection:
        for _ in range(count):
            connection.sendall(question)
            assert _status(connection) == wanted


def _status(connection: socket.socket) -> int:
    """Read one whole answer and give its status."""
    head, _, body = _head(connection).partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        left -= len(connection.recv(left))
    return int(head[9:12])


def _head(connection: socket.socket) -> bytes:
    read = b""
    while b"\r\n\r\n" not in read:
        more = connection.recv(65536)
        assert more, "the server hung up"
        read += more
    return read

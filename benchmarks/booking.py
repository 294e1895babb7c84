"""Courses booked per second through HTTP by eight clients, against six guarded rows in a bare transaction.

The bare transaction inserts a course row and six visits, triggers or exclusion constraints and all, on the
same database with the same durability. Every client books sets that are free.
"""

import statistics
import tempfile
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text

from benchmarks._clinic import TURNS, make_clinic
from scheduler import clock
from scheduler.db import Database, migrate
from scheduler.features.accounts.passwords import STRONG
from scheduler.features.courses.order import encode
from tests.support.courses import set_on
from tests.support.postgres import PostgresServer
from tests.support.server import PASSWORD, Server, csrf_of, running_server, signed_in_client

CHAIRS = 40
CLIENTS = 8
EACH = 40
BARE = 200
COURSE = """
    INSERT INTO courses (patient_id, site_id, protocol_version_id, status, wishes, booking_key,
                         booking_digest, booked_at, entered, signatures, version)
    VALUES (:patient, 1, 1, 'active', '{}', :key, '', :now, FALSE, 0, 1) RETURNING id
"""
VISIT = """
    INSERT INTO infusions (course_id, patient_id, site_id, chair_id, number, status, starts_at, ends_at,
                           chair_until, local_day, confirmation, stopped_early, schedule_version,
                           scheduled_at, ics_uid, ics_sequence, ics_dtstamp, ics_organizer)
    VALUES (:course, :patient, 1, :chair, :number, 'scheduled', :starts, :ends, :ends, :day, 'none', :no, 1,
            :now, :uid, 0, :now, 'a@riverside.example')
"""


def main() -> None:
    """Print the table."""
    print(f"{CLIENTS} clients book {EACH} courses each (2 processes × 4 threads); {CHAIRS} chairs")
    heads = f"{'bare/s':>8} {'http/s':>8} {'http/bare':>10} {'p50':>9} {'p99':>9} {'p99/p50':>8}  answers"
    print(f"{'database':>11} {heads}")
    with tempfile.TemporaryDirectory() as folder:
        _row("sqlite", f"sqlite:///{folder}/sixfold.sqlite3", Path(folder))
    server = PostgresServer.start(durable=True)
    try:
        server.create_database("bench")
        with tempfile.TemporaryDirectory() as folder:
            _row("postgresql", server.url("bench"), Path(folder))
    finally:
        server.stop()
    print("at least: http / bare 0.05; at most: p99 / p50 10; only answers 303")


def _row(name: str, url: str, folder: Path) -> None:
    migrate.upgrade(url)
    database = Database(url)
    with database.write() as session:
        make_clinic(session, clock.now(), CHAIRS, CLIENTS * EACH + BARE, STRONG.hash(PASSWORD))
    bare = _bare(database)
    with running_server(url, folder) as server:
        seconds, times, answers = _through_http(server)
        locked = "locked" in server.log.read_text()
    database.dispose()
    rate = CLIENTS * EACH / seconds
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
    shown = ", ".join(f"{count} × {status}" for status, count in sorted(answers.items()))
    print(
        f"{name:>11} {bare:>8.0f} {rate:>8.1f} {rate / bare:>10.3f} {p50 * 1000:>7.1f}ms "
        f"{p99 * 1000:>7.1f}ms {p99 / p50:>8.2f}  {shown}{', database is locked' if locked else ''}",
        flush=True,
    )


def _monday(weeks: int) -> date:
    today = clock.now().date()
    return today + timedelta(days=7 - today.weekday(), weeks=weeks)


def _sets(first_week: int, blocks: int) -> list[tuple[int, datetime]]:
    """Free sets of six: a chair, and the local start of its first visit; two weeks a block."""
    found = []
    for block, turn, chair in product(range(blocks), TURNS, range(1, CHAIRS + 1)):
        minute = turn + 10 * ((chair - 1) % 12)
        day = _monday(first_week + 2 * block)
        midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - local wall time
        found.append((chair, midnight + timedelta(minutes=minute)))
    return found


def _bare(database: Database) -> float:
    """Bare transactions a second, one after the other, each with a course and its six guarded visits."""
    sets = _sets(20, 2)[:BARE]
    begun = time.perf_counter()
    for at, (chair, start) in enumerate(sets):
        _bare_course(database, CLIENTS * EACH + at + 1, chair, start)
    return BARE / (time.perf_counter() - begun)


def _bare_course(database: Database, patient: int, chair: int, start: datetime) -> None:
    sqlite = database.is_sqlite
    zone = ZoneInfo("America/New_York")

    def at(moment: datetime) -> Any:
        instant = moment.replace(tzinfo=zone).astimezone(UTC)
        return f"{instant:%Y-%m-%d %H:%M:%S.%f}" if sqlite else instant

    now = at(clock.now().replace(tzinfo=None))
    with database.engine.begin() as connection:
        course = connection.execute(
            text(COURSE), {"patient": patient, "key": str(uuid.uuid4()), "now": now}
        ).scalar_one()
        rows = [
            {
                "course": course,
                "patient": patient,
                "chair": chair,
                "number": visit.number,
                "starts": at(visit.start),
                "ends": at(visit.start + timedelta(hours=2)),
                "day": visit.start.date().isoformat(),
                "no": False,
                "now": now,
                "uid": str(uuid.uuid4()),
            }
            for visit in set_on(chair, start)
        ]
        connection.execute(text(VISIT), rows)


def _through_http(server: Server) -> tuple[float, list[float], dict[int, int]]:
    """Seconds for all, seconds of each, and how often each status came."""
    with closing(signed_in_client(server, "desk@riverside.example")) as first:
        token = csrf_of(first.get("/courses/new?patient=1").text)
        cookies = dict(first.cookies)
    sets = _sets(2, 2)

    def client(number: int) -> list[tuple[float, int]]:
        with httpx.Client(base_url=server.address, cookies=cookies, timeout=120) as http:
            return [_book(http, token, number * EACH + at, sets[number * EACH + at]) for at in range(EACH)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(
            pool.map(lambda _: httpx.get(f"{server.address}/sign-in"), range(CLIENTS * 2))
        )  # wake both processes
        begun = time.perf_counter()
        results: Sequence[tuple[float, int]] = [
            each for some in pool.map(client, range(CLIENTS)) for each in some
        ]
        seconds = time.perf_counter() - begun
    answers: dict[int, int] = {}
    for _, status in results:
        answers[status] = answers.get(status, 0) + 1
    return seconds, [taken for taken, _ in results], answers


def _book(http: httpx.Client, token: str, at: int, chosen: tuple[int, datetime]) -> tuple[float, int]:
    chair, start = chosen
    form = {
        "csrf_token": token,
        "key": f"bench-{at:012d}",
        "patient": at + 1,
        "protocol": 1,
        "site": 1,
        "from": start.date().isoformat(),
        "until": start.date().isoformat(),
        "can": [f"{day}{half}" for day in range(7) for half in "ap"],
        "proposal": "p1",
        "set-p1": encode(set_on(chair, start)),
    }
    begun = time.perf_counter()
    answer = http.post("/courses", data=form)
    return time.perf_counter() - begun, answer.status_code

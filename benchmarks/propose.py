"""Proposing three courses through the web, against a raw read of the same window.

The limit beside it: a cursor of the bare driver that reads the visits of the window, nothing else. The search
is for a first visit within 30 days, so the window is 44 days; the page's own default of a week is
printed too, where the fixed cost of a request weighs more. Then the same on databases with ever more past.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient

from benchmarks._clinic import fill_visits, make_clinic
from scheduler import clock
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database, migrate
from scheduler.features.accounts.actions.sessions import open_session
from scheduler.models import User

ROUNDS = 40
CHAIRS = 40
AHEAD = 0.7
SEARCHES = (30, 7)
RAW = """
    SELECT i.site_id, i.chair_id, i.starts_at, c.protocol_version_id
    FROM infusions i JOIN courses c ON c.id = i.course_id
    WHERE i.site_id = 1 AND i.starts_at >= ? AND i.starts_at < ? AND i.status NOT IN ('missed', 'cancelled')
"""


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print(f"{CHAIRS} chairs, {AHEAD:.0%} of the weeks ahead taken; medians of {ROUNDS} rounds in turn")
    print(f"{'past':>9} {'search':>8} {'rows':>6} {'raw':>10} {'web':>10} {'web/raw':>8} {'web/1 k':>8}")
    first: dict[int, float] = {}
    for past in (1_000, 50_000, 100_000, 500_000):
        for days, (rows, raw, web) in _measure(past).items():
            growth = web / first.setdefault(days, web)
            figures = f"{raw:>8.2f}ms {web:>8.2f}ms {web / raw:>8.2f} {growth:>8.2f}"
            print(f"{past:>9,} {days:>3} days {rows:>6,} {figures}", flush=True)
    print("at most: web/raw 5 at 100,000 past visits; web/1 k 1.3")


def _measure(past: int) -> dict[int, tuple[int, float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sixfold.sqlite3"
        migrate.upgrade(url)
        database = Database(url)
        config = Config(home=Path(folder), database_url=url, secret_key="benchmark")  # noqa: S106
        now = clock.now()
        with database.write() as session:
            site = make_clinic(session, now, CHAIRS, 2_000)
            fill_visits(session, site, now, past, AHEAD)
            desk = session.query(User).filter_by(email="desk@riverside.example").one()
            token = open_session(session, now, desk, "127.0.0.1", "benchmark", config)
        client = create_app(config, database).test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        raw_connection = database.engine.raw_connection()
        cursor = raw_connection.cursor()
        figures = {
            days: _compare(client, cursor, (now + timedelta(days=1)).date(), days) for days in SEARCHES
        }
        raw_connection.close()
        database.dispose()
    return figures


def _compare(client: FlaskClient, cursor: Any, start: date, days: int) -> tuple[int, float, float]:
    end = start + timedelta(days=days + 14)
    search = f"patient=1&protocol=1&site=1&from={start}&until={start + timedelta(days=days)}&{_ticks()}"

    def web() -> int:
        answer = client.get(f"/courses/proposals?{search}")
        if answer.status_code != 200 or b"Book 6 visits" not in answer.data:
            raise RuntimeError(answer.text[:500])
        return len(answer.data)

    def raw() -> int:
        return len(cursor.execute(RAW, (f"{start}", f"{end}")).fetchall())

    return raw(), *_in_turn(raw, web)


def _ticks() -> str:
    return "&".join(f"can={day}{half}" for day in range(7) for half in "ap")


def _in_turn(raw: Callable[[], int], web: Callable[[], int]) -> tuple[float, float]:
    """Medians in milliseconds of both, after a few rounds that do not count."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_ in range(ROUNDS + 5):
        for kept, work in zip(times, (raw, web), strict=True):
            begun = time.perf_counter()
            work()
            if round_ >= 5:
                kept.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])

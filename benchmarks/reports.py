"""The three reports over more and more visits, through the web: with the figures, and the page without them.

From 300,000 visits or 800 days on the page is shown at once and says that it counts; that first answer is
what a person waits for, and the figures follow into it.
"""

import tempfile
import time
from datetime import timedelta
from pathlib import Path

import structlog
from flask.testing import FlaskClient

from benchmarks._clinic import fill_visits, make_clinic
from scheduler import clock
from scheduler.app import create_app
from scheduler.config import Config
from scheduler.db import Database, migrate
from scheduler.features.accounts.actions.sessions import open_session
from scheduler.models import User

ROUNDS = 5
CHAIRS = 100
SIZES = (10_000, 100_000, 1_000_000)
REPORTS = ("use", "missed", "courses")
YEARS = timedelta(days=3650)


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print(f"{CHAIRS} chairs, reports over ten years: all visits; the best of {ROUNDS} rounds")
    print(f"{'visits':>9} {'report':>8} {'first answer':>13} {'figures':>9}")
    for visits in SIZES:
        for report, (first, figures) in measure(visits).items():
            print(f"{visits:>9,} {report:>8} {first:>11.0f}ms {figures:>7.0f}ms", flush=True)
    print("at most: 1,000 ms for the first answer, and for the figures unless the page says that it counts")


def measure(visits: int) -> dict[str, tuple[float, float]]:
    """Milliseconds to the first answer and to the figures of each report over so many visits."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/sixfold.sqlite3"
        migrate.upgrade(url)
        database = Database(url)
        config = Config(home=Path(folder), database_url=url, secret_key="benchmark")  # noqa: S106
        now = clock.now()
        with database.write() as session:
            site = make_clinic(session, now, CHAIRS, 5_000)
            fill_visits(session, site, now, visits, 0.0)
            desk = session.query(User).filter_by(email="desk@riverside.example").one()
            token = open_session(session, now, desk, "127.0.0.1", "benchmark", config)
        client = create_app(config, database).test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        cover = f"from={(now - YEARS).date()}&until={now.date()}"
        found = {
            report: (
                _best(client, f"/reports/{report}?{cover}"),
                _best(client, f"/reports/{report}?{cover}&part=figures"),
            )
            for report in REPORTS
        }
        database.dispose()
    return found


def _best(client: FlaskClient, address: str) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(answer.text[:500])
    return min(times)

"""The desk's pages of a big clinic, against the same markup from bare Flask and Jinja, over ever more past.

Beside each page stands an application that does nothing but render the very same template with the very same
facts: no log-in, no database, no headers, no audit. The two are asked in turn, so that what else the machine
does slows both, and the middle of the ratios of the pairs is the figure; growth is told in it too. One
hundred chairs: a day of about 200 visits, a week of about 1,000.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import structlog
from flask import Flask, render_template, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from benchmarks._clinic import fill_visits, make_clinic
from benchmarks._stored import FILLED_AT, clock_at, desk_client, stored_clinic
from scheduler.models import Infusion, InfusionStatus

CHAIRS = 100
TAKEN = 0.5
SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 40
WARM = 5
NOW = FILLED_AT + timedelta(
    days=9, hours=4
)  # Wednesday noon of the second week: half of its visits have come.
DAY = NOW.date()
PAGES = {
    "today": "/today",
    "day": f"/board?day={DAY}",
    "week": f"/board?view=week&day={DAY}",
}


def main() -> None:
    """Print the table."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print(f"{CHAIRS} chairs; medians of {ROUNDS} pairs")
    heads = f"{'bare':>9} {'whole':>9} {'whole/s / bare/s':>17} {'at 10 k':>8}"
    print(f"{'past':>9} {'page':>6} {'visits':>7} {heads}")
    first: dict[str, float] = {}
    for past in SIZES:
        for name, (visits, bare, whole, share) in measure(past, ROUNDS).items():
            growth = first.setdefault(name, share) / share
            figures = f"{bare:>7.1f}ms {whole:>7.1f}ms {share:>17.2f} {growth:>8.2f}"
            print(f"{past:>9,} {name:>6} {visits:>7,} {figures}", flush=True)
    print("at least: whole/s / bare/s 0.50; at most: 1.3 times what it takes at 10,000")


def measure(past: int, rounds: int, chairs: int = CHAIRS) -> dict[str, tuple[int, float, float, float]]:
    """By page: visits shown, milliseconds bare and whole, and the share of the bare rate that is reached."""
    found = {}
    name = f"board-{chairs}-{past}"
    with (
        clock_at(NOW),
        stored_clinic(name, lambda session: _fill(session, past, chairs), __file__) as (database, config),
    ):
        client = desk_client(database, config, NOW)
        with database.read() as session:
            visits = {page: _count(session, 7 if page == "week" else 1) for page in PAGES}
        for page, address in PAGES.items():
            found[page] = (visits[page], *_pairs(_bare(client, address), _whole(client, address), rounds))
    return found


def _fill(session: Session, past: int, chairs: int) -> None:
    site = make_clinic(session, FILLED_AT, chairs, 2_000)
    fill_visits(session, site, FILLED_AT, past, TAKEN)
    on_day = Infusion.local_day == DAY
    for until, status in (
        (NOW, InfusionStatus.IN_PROGRESS),
        (NOW - timedelta(hours=2), InfusionStatus.COMPLETED),
    ):
        session.execute(
            update(Infusion)
            .where(on_day, Infusion.starts_at <= until)
            .values(status=status, arrived_at=Infusion.starts_at, started_at=Infusion.starts_at)
        )


def _count(session: Session, days: int) -> int:
    first = DAY - timedelta(days=DAY.weekday()) if days == 7 else DAY
    shown = Infusion.local_day.between(first, first + timedelta(days=days - 1))
    return session.scalar(select(func.count()).where(shown)) or 0


def _whole(client: FlaskClient, address: str) -> Callable[[], int]:
    """The page as the desk gets it."""

    def ask() -> int:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(answer.text[:500])
        return len(answer.data)

    return ask


def _bare(client: FlaskClient, address: str) -> Callable[[], int]:
    """The same markup from an application that knows all of it beforehand."""
    app = client.application
    template, facts = _rendered(client, address)
    bare = Flask("bare")
    bare.jinja_options = app.jinja_options
    bare.jinja_loader = app.jinja_loader
    for name in ("filters", "globals", "tests"):
        getattr(bare.jinja_env, name).update(
            {key: value for key, value in getattr(app.jinja_env, name).items() if key != "url_for"}
        )
    bare.jinja_env.trim_blocks, bare.jinja_env.lstrip_blocks = (
        app.jinja_env.trim_blocks,
        app.jinja_env.lstrip_blocks,
    )
    bare.url_map, bare.extensions = app.url_map, app.extensions
    bare.view_functions = dict.fromkeys(app.view_functions, lambda **_: render_template(template, **facts))
    bare.secret_key = app.secret_key
    return _whole(bare.test_client(), address)


def _rendered(client: FlaskClient, address: str) -> tuple[str, dict[str, Any]]:
    """The template of a page and everything that it was given."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def note(_app: Flask, template: Any, context: dict[str, Any], **_: object) -> None:
        seen.append((template.name, dict(context)))

    with template_rendered.connected_to(note, client.application):
        _whole(client, address)()
    template, facts = seen[-1]
    with client.application.test_request_context():
        counted = [
            SimpleNamespace(count=item.count, href=item.href, label=item.label, current=item.current)
            for item in facts["nav"]
        ]
    return template, facts | {"nav": counted, "sending_pause": lambda: None}


def _pairs(bare: Callable[[], int], whole: Callable[[], int], rounds: int) -> tuple[float, float, float]:
    """Medians in milliseconds of both, and of bare / whole pair by pair. Raises where the markup differs."""
    pairs = []
    if bare() != whole():
        raise RuntimeError("The two do not give the same markup.")
    for at in range(WARM + rounds):
        times = []
        for work in (bare, whole):
            begun = time.perf_counter()
            work()
            times.append((time.perf_counter() - begun) * 1000)
        if at >= WARM:
            pairs.append(times)
    shares = [first / second for first, second in pairs]
    first, second = zip(*pairs, strict=True)
    return statistics.median(first), statistics.median(second), statistics.median(shares)

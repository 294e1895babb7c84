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

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from benchmarks._bare_page import bare_page, whole_page
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
            works = bare_page(client, address), whole_page(client, address)
            found[page] = (visits[page], *_pairs(*works, rounds))
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

"""How long one course takes to plan: 8, 40 and 100 chairs, cold, warm and as three proposals.

Cold is the `ms` of PLANNING.md section 7: bookings held as columns, nothing derived kept from
one plan to the next. Warm is what the running application does: the ground of hours, shifts
and closures is kept, the bookings are new with every request. The clinics are made here, from
a seed: six weeks, sites of about 14 chairs, six in ten chair hours booked under the rules.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.__main__ import main as run
from scheduler.planning import (
    Availability,
    Bookings,
    Chair,
    Clinic,
    Phase,
    Preference,
    Presence,
    Protocol,
    Request,
    SessionType,
    Shift,
    Site,
    best,
    plan,
    prepare,
    propose,
    survey,
    tabulate,
)
from scheduler.planning.daybook import DayBook

SEED = 20261012
SIZES = (8, 40, 100)
REQUESTS = 400
RUNS = 3
LIMITS = {"cold": 40.0, "warm": 10.0}  # milliseconds, 99th percentile at 100 chairs
START = date(2026, 10, 12)
DAYS = 42
OPEN, CLOSE = 8 * 60, 18 * 60
SITE_CHAIRS = 14
OCCUPANCY = 0.6

_KINDS = (
    SessionType(
        "standard", (Phase("a", 20, 12), Phase("b", 40, 3, True), Phase("c", 50, 2), Phase("d", 10, 12))
    ),
    SessionType(
        "first", (Phase("a", 40, 12), Phase("b", 60, 4, True), Phase("c", 50, 3), Phase("d", 10, 12))
    ),
    SessionType("short", (Phase("a", 20, 12), Phase("b", 40, 2))),
    SessionType("long", (Phase("a", 20, 12), Phase("b", 200, 3, True), Phase("c", 20, 12))),
)
_PROTOCOLS = (  # gap from, to, target, span from, to
    (2, 4, 3, 14, 21),
    (2, 3, 2, 11, 14),
    (3, 4, 3, 16, 21),
    (2, 7, 3, 11, 28),
)


@dataclass(frozen=True)
class Instance:
    """A clinic with its standing visits and what is asked of it."""

    clinic: Clinic
    bookings: Bookings
    requests: list[Request]


def make_instance(chairs: int, seed: int = SEED, requests: int = REQUESTS) -> Instance:
    """The clinic of so many chairs, the same for the same seed."""
    draw = random.Random(seed + chairs)
    clinic = _clinic(chairs)
    return Instance(clinic, _bookings(draw, clinic), [_request(draw, clinic) for _ in range(requests)])


def _clinic(chairs: int) -> Clinic:
    count = -(-chairs // SITE_CHAIRS)
    sizes = [chairs // count + (at < chairs % count) for at in range(count)]
    sites = tuple(
        Site(
            chr(65 + at),
            dict.fromkeys(range(5), ((OPEN, CLOSE),)) | {5: ((OPEN, OPEN + 300),)},
            tuple(Chair(f"{chr(65 + at)}{n}", "bed" if n % 5 == 4 else "chair") for n in range(size)),
        )
        for at, size in enumerate(sizes)
    )
    days = [START + timedelta(days=day) for day in range(DAYS) if (START + timedelta(days=day)).weekday() < 6]
    return Clinic(
        tz="Europe/Berlin",
        slot_min=10,
        horizon_start=START,
        horizon_days=DAYS,
        session_types=_KINDS,
        sites=sites,
        nurse_shifts=tuple(
            _shift(site, nurse, day)
            for day in days
            for site in sites
            for nurse in range(-(-len(site.chairs) // 2))
        ),
        clinician_presence=tuple(Presence(site.id, day, OPEN, CLOSE) for day in days for site in sites),
    )


def _shift(site: Site, nurse: int, day: date) -> Shift:
    pause = 11 * 60 + 30 + 30 * (nurse % 5)
    early = nurse % 2 == 0
    start, end = (OPEN - 30, CLOSE - 90) if early else (OPEN + 90, CLOSE + 20)
    return Shift(f"{site.id}{nurse}", site.id, day, start, end, ((pause, pause + 30),))


def _bookings(draw: random.Random, clinic: Clinic) -> Bookings:
    """Visits drawn one after another, kept where every rule of the clinic allows them."""
    rows: list[tuple[str, str, date, int, str]] = []
    for offset in range(DAYS):
        day = START + timedelta(days=offset)
        for site in clinic.sites:
            hours = site.hours.get(day.weekday(), ())
            room = sum(end - start for start, end in hours) * len(site.chairs) * OCCUPANCY
            rows += _day(draw, clinic, site, day, room)
    return Bookings.of(clinic, rows)


def _day(
    draw: random.Random, clinic: Clinic, site: Site, day: date, room: float
) -> list[tuple[str, str, date, int, str]]:
    book = DayBook(clinic, Bookings.none(), site.id, day)
    rows = []
    for _ in range(12 * len(site.chairs)):
        if room <= 0:
            break
        kind, chair = draw.choice(_KINDS), draw.choice(site.chairs)
        minute = draw.randrange(OPEN, CLOSE, 10)
        if not book.faults(kind, minute, None, chair.id):
            book.add(clinic.chair_index[chair.id], minute // 10, kind)
            rows.append((site.id, chair.id, day, minute, kind.name))
            room -= kind.minutes
    return rows


def _request(draw: random.Random, clinic: Clinic) -> Request:
    low, high, target, short, long = draw.choice(_PROTOCOLS)
    first = START + timedelta(days=draw.randint(0, 8))
    opens = draw.choice([7, 7, 7, 12])
    free = (opens * 60, draw.choice([13, 19, 19]) * 60)
    weekdays = draw.sample(range(6), draw.choice([4, 5, 6, 6]))
    wish = draw.choice([(480, 570), (540, 660), (780, 870)])
    names = [site.id for site in clinic.sites]
    return Request(
        id="bench",
        sites=tuple(draw.choice([names, names, names[:1], draw.sample(names, 1)])),
        protocol=Protocol(
            6, (draw.choice(["first", "standard"]), *["standard"] * 5), low, high, target, short, long
        ),
        first_day_min=first,
        first_day_max=first + timedelta(days=10),
        availability=Availability(
            dict.fromkeys(weekdays, (free if free[0] < free[1] - 60 else (420, 1140),))
        ),
        preference=Preference(wish, frozenset(draw.sample(range(5), draw.randint(0, 1)))),
        chair_type=draw.choice([None, None, None, "bed"]),
    )


def _milliseconds(work: Callable[[Request], object], requests: Sequence[Request]) -> list[float]:
    """For each request the best of a few runs, so that what else the machine does counts least; sorted."""
    return sorted(min(_once(work, request) for _ in range(RUNS)) for request in requests)


def _once(work: Callable[[Request], object], request: Request) -> float:
    start = time.perf_counter()
    work(request)
    return (time.perf_counter() - start) * 1000


def _at(spent: Sequence[float], part: float) -> float:
    return spent[min(len(spent) - 1, int(part * len(spent)))]


def _measure(instance: Instance) -> dict[str, list[float]]:
    clinic, bookings = instance.clinic, instance.bookings
    ground = prepare(clinic)
    ways: dict[str, Callable[[Request], object]] = {
        "cold": lambda request: plan(clinic, bookings, request),
        "warm": lambda request: best(tabulate(survey(ground, bookings, request), request.weights)),
        "three proposals, warm": lambda request: propose(survey(ground, bookings, request)),
    }
    return {name: _milliseconds(way, instance.requests) for name, way in ways.items()}


def main() -> None:
    """Measure and print the table."""
    print(f"one course of six visits, {REQUESTS} requests a size, seed {SEED}; ms, best of {RUNS} runs each")
    print(
        f"{'chairs':>6} {'visits':>7} {'planned':>8}  {'':<22}"
        f" {'p50':>7} {'p99':>7} {'limit':>7} {'ratio':>7}"
    )
    p99: dict[tuple[str, int], float] = {}
    for chairs in SIZES:
        instance = make_instance(chairs)
        found = sum(plan(instance.clinic, instance.bookings, r) is not None for r in instance.requests)
        for name, spent in _measure(instance).items():
            p99[name, chairs] = _at(spent, 0.99)
            limit = LIMITS.get(name) if chairs == SIZES[-1] else None
            told = f"{limit:7.1f} {p99[name, chairs] / limit:7.2f}" if limit else f"{'–':>7} {'–':>7}"
            share = f"{100 * found // REQUESTS} %"
            print(
                f"{chairs:>6} {len(instance.bookings):>7} {share:>8}  {name:<22}"
                f" {_at(spent, 0.5):7.2f} {p99[name, chairs]:7.2f} {told}"
            )
    for name in ("cold", "warm", "three proposals, warm"):
        growth = p99[name, SIZES[-1]] / p99[name, SIZES[0]]
        print(f"growth of the p99 from {SIZES[0]} to {SIZES[-1]} chairs, {name}: {growth:.1f} times")


if __name__ == "__main__":
    sys.exit(run(["planning"]))

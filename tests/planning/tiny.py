"""Clinics and requests small enough to try every plan, drawn by a random source."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from scheduler.planning import (
    Availability,
    Blackout,
    Bookings,
    Chair,
    Clinic,
    Closure,
    Phase,
    Preference,
    Presence,
    Protocol,
    Request,
    SessionType,
    Shift,
    Site,
    Weights,
)

MONDAY = date(2026, 10, 12)
SLOT = 30
OPENS = 9 * 60


@dataclass(frozen=True)
class Case:
    """One instance."""

    clinic: Clinic
    bookings: Bookings
    request: Request


def tiny_case(
    draw: Random, tz: str = "Europe/Berlin", start: date = MONDAY, visits: int | None = None
) -> Case:
    """An instance with a handful of starts a day; about half of them can be planned."""
    n = visits or draw.randint(1, 3)
    kinds = tuple(_kind(draw, name) for name in ("one", "two"))
    clinic = Clinic(
        tz=tz,
        slot_min=SLOT,
        start_step_min=draw.choice([None, None, 60]),
        horizon_start=start,
        horizon_days=draw.randint(5, 10),
        soft_load_pct=draw.choice([0, 50, 80]),
        session_types=kinds,
        sites=(sites := tuple(_site(draw, name) for name in draw.choice(["A", "AB", "AB"]))),
        nurse_shifts=tuple(shift for site in sites for shift in _shifts(draw, site, start)),
        clinician_presence=tuple(
            Presence(site.id, start + timedelta(days=day), *_span(draw, 4))
            for site in sites
            for day in range(10)
            if draw.random() < 0.9
        ),
        holidays=frozenset(start + timedelta(days=draw.randint(0, 9)) for _ in range(draw.choice([0, 0, 1]))),
        closures=tuple(_closure(draw, sites, start) for _ in range(draw.choice([0, 0, 1, 2]))),
    )
    return Case(clinic, _bookings(draw, clinic, start), _request(draw, clinic, start, n))


def _kind(draw: Random, name: str) -> SessionType:
    phases = [
        Phase("prepare", SLOT, draw.choice([12, 6])),
        Phase("watch", SLOT * draw.randint(0, 1), draw.choice([0, 2, 3]), clinician=True),
    ]
    return SessionType(name, tuple(phases))


def _span(draw: Random, slots: int) -> tuple[int, int]:
    """Mostly the whole opening time, sometimes less."""
    first = draw.choice([0, 0, 0, 1])
    return OPENS + first * SLOT, OPENS + draw.randint(max(first + 1, slots - 1), slots) * SLOT


def _site(draw: Random, name: str) -> Site:
    spans = [(OPENS, OPENS + 2 * SLOT), (OPENS + 2 * SLOT, OPENS + 4 * SLOT)]
    hours = {weekday: tuple(spans) for weekday in range(7) if draw.random() < 0.9}
    chairs = tuple(Chair(f"{name}{at}", draw.choice(["chair", "bed"])) for at in range(draw.randint(1, 2)))
    return Site(name, hours, chairs, turnover_slots=draw.choice([0, 0, 1]))


def _shifts(draw: Random, site: Site, start: date) -> list[Shift]:
    shifts = []
    for day in range(10):
        for nurse in range(draw.choice([0, 1, 1, 1, 2])):
            pause = OPENS + draw.randint(1, 2) * SLOT
            breaks = ((pause, pause + SLOT),) if draw.random() < 0.2 else ()
            when = start + timedelta(days=day)
            shifts.append(Shift(f"{site.id}{nurse}", site.id, when, OPENS, OPENS + 4 * SLOT, breaks))
    return shifts


def _closure(draw: Random, sites: tuple[Site, ...], start: date) -> Closure:
    begin = datetime(start.year, start.month, start.day) + timedelta(  # noqa: DTZ001 - wall time
        days=draw.randint(0, 9), minutes=OPENS + draw.randint(-1, 3) * SLOT + draw.choice([0, 5])
    )
    site = draw.choice(sites)
    where = draw.choice(
        [{}, {"site": site.id}, {"chair": site.chairs[0].id}, {"site": "A", "chair": site.chairs[0].id}]
    )
    return Closure(begin, begin + timedelta(minutes=draw.choice([25, 60, 2000])), **where, reason="repairs")


def _bookings(draw: Random, clinic: Clinic, start: date) -> Bookings:
    rows = []
    for _ in range(draw.randint(0, 14)):
        site, chair = draw.choice(clinic.chairs)
        day = start + timedelta(days=draw.randint(0, 9))
        slot = OPENS // SLOT + draw.randint(-1, 3)
        rows.append((site, chair, day.toordinal(), slot, draw.randint(0, 1)))
    return Bookings.of_columns(
        (site, clinic.chair_index[chair.id], day, slot, kind) for site, chair, day, slot, kind in rows
    )


def _request(draw: Random, clinic: Clinic, start: date, n: int) -> Request:
    gap_min = draw.randint(1, 2)
    gap_max = gap_min + draw.randint(0, 2)
    span_min = 1 + (n - 1) * gap_min + draw.choice([0, 0, 1])
    first = start + timedelta(days=draw.randint(-1, 2))
    midnight = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - wall time
    away = midnight + timedelta(days=draw.randint(0, 8), minutes=draw.choice([0, 600]))
    windows = [((8 * 60, 13 * 60),), ((9 * 60, 10 * 60), (10 * 60, 11 * 60)), ((9 * 60 + 30, 11 * 60),)]
    return Request(
        id="r",
        sites=tuple(draw.sample([site.id for site in clinic.sites], draw.randint(1, len(clinic.sites)))),
        protocol=Protocol(
            n=n,
            types=tuple(draw.choice(["one", "two"]) for _ in range(n)),
            gap_min=gap_min,
            gap_max=gap_max,
            gap_target=draw.randint(gap_min, gap_max),
            span_min=span_min,
            span_max=span_min + draw.randint(0, 4),
        ),
        first_day_min=first,
        first_day_max=first + timedelta(days=draw.randint(0, 2)),
        availability=Availability(
            {weekday: draw.choice(windows) for weekday in range(7) if draw.random() < 0.9},
            (Blackout(away, away + timedelta(days=1)),) if draw.random() < 0.3 else (),
        ),
        preference=Preference(
            draw.choice([None, (9 * 60 + 45, 10 * 60)]), frozenset(draw.sample(range(7), draw.randint(0, 2)))
        ),
        weights=Weights(*(draw.choice([0, 1, 2, 5, 20]) for _ in range(6))),
        chair_type=draw.choice([None, None, "bed"]),
    )


def roomy_case(draw: Random, visits: int = 4) -> Case:
    """An instance with many plans: nurses, hours and patient leave most starts open."""
    case = tiny_case(draw, visits=visits)
    clinic, request = case.clinic, case.request
    days = [clinic.horizon_start + timedelta(days=day) for day in range(10)]
    close = OPENS + draw.choice([3, 4]) * SLOT
    clinic = replace(
        clinic,
        horizon_days=10,
        start_step_min=None,
        holidays=frozenset(),
        sites=tuple(replace(site, hours=dict.fromkeys(range(7), ((OPENS, close),))) for site in clinic.sites),
        nurse_shifts=tuple(
            Shift(f"{site.id}{nurse}", site.id, day, OPENS, close)
            for site in clinic.sites
            for day in days
            for nurse in range(2)
        ),
        clinician_presence=tuple(
            Presence(site.id, day, OPENS, close) for site in clinic.sites for day in days
        ),
    )
    protocol = replace(request.protocol, span_min=1, span_max=10, gap_min=1, gap_max=draw.randint(2, 3))
    always = dict.fromkeys(range(7), ((0, 1440),))
    request = replace(
        request,
        protocol=replace(protocol, gap_target=draw.randint(1, 2)),
        chair_type=None,
        sites=request.sites[:1],
        first_day_min=clinic.horizon_start,
        first_day_max=clinic.horizon_start + timedelta(days=draw.choice([0, 0, 1])),
        availability=Availability(always, request.availability.blackouts),
    )
    return Case(clinic, case.bookings, request)

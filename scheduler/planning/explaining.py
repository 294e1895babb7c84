"""Why no plan exists, and which single rule bent would make one possible (PLANNING.md section 5)."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import MINUTES_A_DAY, Clinic
from scheduler.planning.ground import Ground, longest, prepare, window
from scheduler.planning.masks import Field, survey
from scheduler.planning.optimum import best
from scheduler.planning.programme import tabulate
from scheduler.planning.request import Availability, Request
from scheduler.planning.results import Explanation, Impasse, Relaxation


def relaxations(clinic: Clinic, request: Request) -> dict[str, Request]:
    """Every single relaxation that bends something, by its name in the files."""
    protocol, availability = request.protocol, request.availability
    bent = {
        "gap_max+1": replace(protocol, gap_max=protocol.gap_max + 1),
        "gap_max+2": replace(protocol, gap_max=protocol.gap_max + 2),
        "gap_min-1": replace(protocol, gap_min=max(1, protocol.gap_min - 1)),
        "span_max+7": replace(protocol, span_max=protocol.span_max + 7),
        "span_min-3": replace(protocol, span_min=protocol.span_min - 3),
    }
    always = dict.fromkeys(range(7), ((0, MINUTES_A_DAY),))
    eased = {
        **{name: replace(request, protocol=other) for name, other in bent.items()},
        "first_day_max+7": replace(request, first_day_max=request.first_day_max + timedelta(days=7)),
        "patient any time": replace(request, availability=Availability(always, availability.blackouts)),
        "patient drops blackout": replace(request, availability=Availability(availability.weekly)),
        "any chair type": replace(request, chair_type=None),
        "any site": replace(request, sites=_all_sites(clinic, request)),
    }
    return {name: other for name, other in eased.items() if other != request}


def relaxed_window(request: Request) -> tuple[date, date]:
    """The first and last day that a plan with any one relaxation can touch; the bookings `explain` needs."""
    first, last = window(request)
    protocol = request.protocol
    reach = longest(replace(protocol, gap_max=protocol.gap_max + 2, span_max=protocol.span_max + 7))
    return first, max(last + timedelta(days=7), request.first_day_max + timedelta(days=reach))


def explain(
    clinic: Clinic, bookings: Bookings, request: Request, ground: Ground | None = None
) -> Explanation:
    """The explanation for a request that has no plan.

    `bookings` must hold the days of `relaxed_window(request)`, at all sites of the clinic;
    so must a `ground` that was kept (ValueError otherwise).
    """
    ground = ground or prepare(clinic, *relaxed_window(request))
    return Explanation(
        impasses(survey(ground, bookings, request)),
        tuple(sorted(_possible(ground, bookings, request), key=lambda each: each.objective)),
    )


def impasses(field: Field) -> dict[str, Impasse]:
    """For each site the first visit whose set of reachable days is empty, and the days tried for it.

    A day is tried when it lies within the gap bounds of a reachable day of the visit before
    and within the longest span from that path's first day. The last visit must respect the
    shortest span too. A site on which every visit reaches a day has no impasse.
    """
    found = {}
    for at, name in enumerate(field.request.sites):
        impasse = _impasse(field, at)
        if impasse is not None:
            found[name] = impasse
    return found


def _possible(ground: Ground, bookings: Bookings, request: Request) -> list[Relaxation]:
    found = []
    for name, other in relaxations(ground.clinic, request).items():
        plan = best(tabulate(survey(ground, bookings, other), other.weights))
        if plan is not None:
            found.append(Relaxation(name, plan.objective))
    return found


def _impasse(field: Field, site: int) -> Impasse | None:
    """Walk forward over (first day, day), all days counted from the field's first."""
    request, protocol = field.request, field.request.protocol
    base = request.first_day_min.toordinal() - field.first
    last = request.first_day_max.toordinal() - field.first
    tried = {(day, day) for day in range(base, last + 1)}
    for k, kind in enumerate(protocol.types, start=1):
        can = np.flatnonzero(field.free[kind][site].any(axis=1)).tolist()
        open_days = set(can)
        shortest = protocol.span_min if k == protocol.n else 0
        reached = {
            (first, day)
            for first, day in tried
            if day in open_days and day - first + 1 >= shortest and day - first < protocol.span_max
        }
        if not reached:
            days = sorted({day for _, day in tried})
            return Impasse(k, tuple(date.fromordinal(field.first + day) for day in days))
        gaps = range(protocol.gap_min, protocol.gap_max + 1)
        tried = {
            (first, day + gap)
            for first, day in reached
            for gap in gaps
            if day + gap - first < protocol.span_max
        }
    return None


def _all_sites(clinic: Clinic, request: Request) -> tuple[str, ...]:
    others = [site.id for site in clinic.sites if site.id not in request.sites]
    return (*request.sites, *others)

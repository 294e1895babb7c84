"""Why there is no plan: where the search ends, and which single relaxation helps."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import (
    Availability,
    Request,
    explain,
    plan,
    prepare,
    relaxations,
    relaxed_window,
    window,
)
from tests.planning.oracle import every_course, possible_days
from tests.planning.tiny import Case, tiny_case

ALWAYS = dict.fromkeys(range(7), ((0, 1440),))


def _bent(case: Case) -> dict[str, Request]:
    """Section 5's list, written out again."""
    request = case.request
    protocol, availability = request.protocol, request.availability
    wider = {
        "gap_max+1": replace(protocol, gap_max=protocol.gap_max + 1),
        "gap_max+2": replace(protocol, gap_max=protocol.gap_max + 2),
        "span_max+7": replace(protocol, span_max=protocol.span_max + 7),
        "span_min-3": replace(protocol, span_min=protocol.span_min - 3),
    }
    if protocol.gap_min > 1:
        wider["gap_min-1"] = replace(protocol, gap_min=protocol.gap_min - 1)
    return {
        **{name: replace(request, protocol=other) for name, other in wider.items()},
        "first_day_max+7": replace(request, first_day_max=request.first_day_max + timedelta(days=7)),
        "patient any time": replace(request, availability=Availability(ALWAYS, availability.blackouts)),
        "patient drops blackout": replace(request, availability=Availability(availability.weekly)),
        "any chair type": replace(request, chair_type=None),
        "any site": replace(request, sites=tuple(site.id for site in case.clinic.sites)),
    }


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_every_single_relaxation_that_helps_is_told_with_its_objective(seed: int) -> None:
    case = tiny_case(Random(seed))
    if plan(case.clinic, case.bookings, case.request) is not None:
        return
    told = explain(case.clinic, case.bookings, case.request).relaxations
    helpful = {}
    for name, request in _bent(case).items():
        courses = every_course(case.clinic, case.bookings, request)
        if courses:
            helpful[name] = courses[0].objective
    assert {each.name: each.objective for each in told} == helpful
    assert [each.objective for each in told] == sorted(helpful.values())


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_the_search_ends_at_the_first_visit_that_reaches_no_day(seed: int) -> None:
    case = tiny_case(Random(seed))
    if plan(case.clinic, case.bookings, case.request) is not None:
        return
    impasses = explain(case.clinic, case.bookings, case.request).sites
    for site in case.request.sites:
        tried, session = _walk(case, site)
        if session is None:
            assert site not in impasses
        else:
            assert impasses[site].session == session
            assert set(impasses[site].days) == tried
            assert list(impasses[site].days) == sorted(tried)


def _walk(case: Case, site: str) -> tuple[set[date], int | None]:
    """The days tried for the first visit that reaches none, walking whole paths of days."""
    request, protocol = case.request, case.request.protocol
    count = (request.first_day_max - request.first_day_min).days + 1
    paths = [(request.first_day_min + timedelta(days=day),) for day in range(count)]
    for k, kind in enumerate(protocol.types, start=1):
        can = possible_days(case.clinic, case.bookings, request, site, kind)
        tried = {path[-1] for path in paths}
        shortest = protocol.span_min if k == protocol.n else 0
        paths = [p for p in paths if p[-1] in can and (p[-1] - p[0]).days + 1 >= shortest]
        if not paths:
            return tried, k
        gaps = range(protocol.gap_min, protocol.gap_max + 1)
        paths = [(*path, path[-1] + timedelta(days=gap)) for path in paths for gap in gaps]
        paths = [path for path in paths if (path[-1] - path[0]).days < protocol.span_max]
    return set(), None


@pytest.mark.parametrize("seed", range(20))
def test_the_relaxations_are_those_of_the_rules(seed: int) -> None:
    case = tiny_case(Random(seed))
    wanted = {name: request for name, request in _bent(case).items() if request != case.request}
    told = relaxations(case.clinic, case.request)
    for requests in (wanted, told):
        if "any site" in requests:
            requests["any site"] = replace(
                requests["any site"], sites=tuple(sorted(requests["any site"].sites))
            )
    if len(case.request.sites) == len(case.clinic.sites):
        wanted.pop("any site", None)
    assert told == wanted


def test_the_relaxed_window_grows_with_every_gap() -> None:
    request = tiny_case(Random(1)).request
    six = replace(request.protocol, n=6, types=("one",) * 6, gap_min=1, gap_max=2, span_min=6, span_max=60)
    first, last = relaxed_window(replace(request, protocol=six))
    assert first == request.first_day_min
    assert last == request.first_day_max + timedelta(days=5 * 4)


def test_a_gap_of_one_day_is_not_shortened() -> None:
    case = tiny_case(Random(1))
    request = replace(case.request, protocol=replace(case.request.protocol, gap_min=1))
    assert "gap_min-1" not in relaxations(case.clinic, request)


def test_a_relaxation_that_bends_nothing_is_not_tried() -> None:
    case = tiny_case(Random(1))
    every_site = tuple(site.id for site in case.clinic.sites)
    request = replace(case.request, sites=every_site, chair_type=None, availability=Availability(ALWAYS))
    names = relaxations(case.clinic, request)
    assert not {"any site", "any chair type", "patient any time", "patient drops blackout"} & set(names)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_the_relaxed_window_covers_every_relaxation(seed: int) -> None:
    case = tiny_case(Random(seed))
    first, last = relaxed_window(case.request)
    for request in relaxations(case.clinic, case.request).values():
        low, high = window(request)
        assert first <= low
        assert high <= last


def test_a_kept_ground_that_is_too_short_is_refused() -> None:
    case = next(
        c
        for c in (tiny_case(Random(seed)) for seed in range(50))
        if plan(c.clinic, c.bookings, c.request) is None
    )
    clinic = replace(case.clinic, horizon_days=60)
    short = prepare(clinic, *window(case.request))
    with pytest.raises(ValueError, match="does not cover"):
        explain(clinic, case.bookings, case.request, short)

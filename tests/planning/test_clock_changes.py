"""Weeks in which the clocks change: wall-clock time is kept, and every rule still holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import (
    Availability,
    Bookings,
    Preference,
    Presence,
    Protocol,
    Shift,
    Site,
    alternatives,
    check,
    explain,
    options,
    plan,
    prepare,
    propose,
    survey,
    tabulate,
)
from tests.planning.oracle import every_course
from tests.planning.tiny import Case, roomy_case, tiny_case

CHANGES = [
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Europe/Berlin", date(2027, 3, 28)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/New_York", date(2027, 3, 14)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Asia/Kolkata", date(2026, 10, 25)),
]


@pytest.mark.parametrize(("tz", "sunday"), CHANGES)
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_rule_holds_in_the_week_of_a_clock_change(tz: str, sunday: date, seed: int) -> None:
    case = roomy_case(Random(seed), visits=3)
    case = _moved(case, tz, (sunday - timedelta(days=4) - case.clinic.horizon_start).days)
    field = survey(prepare(case.clinic), case.bookings, case.request)
    tables = tabulate(field, case.request.weights)
    found = [each.plan for each in propose(field)] + alternatives(tables, 3)
    courses = every_course(case.clinic, case.bookings, case.request)
    assert (found[0].objective if found else None) == (courses[0].objective if courses else None)
    for each in found:
        assert check(case.clinic, case.bookings, case.request, each) == []
        for infusion in each.infusions:
            there_and_back = infusion.start.astimezone(UTC).astimezone(case.clinic.zone)
            assert there_and_back.isoformat() == infusion.start.isoformat()


@pytest.mark.parametrize(("tz", "sunday"), CHANGES)
def test_a_course_keeps_its_hour_and_changes_its_offset(tz: str, sunday: date) -> None:
    case = _night_clinic(tz, sunday - timedelta(days=1), minute=10 * 60)
    found = plan(case.clinic, Bookings.none(), case.request)
    assert found is not None
    assert [infusion.minute for infusion in found.infusions] == [600, 600, 600]
    offsets = {infusion.start.utcoffset() for infusion in found.infusions}
    assert len(offsets) == (1 if tz == "Asia/Kolkata" else 2)


@pytest.mark.parametrize(
    ("tz", "sunday", "first", "last"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 120, 170),
        ("America/New_York", date(2027, 3, 14), 120, 170),
        ("Australia/Lord_Howe", date(2026, 10, 4), 120, 140),
    ],
)
def test_a_time_that_does_not_exist_is_never_offered(tz: str, sunday: date, first: int, last: int) -> None:
    case = _night_clinic(tz, sunday - timedelta(days=1), minute=first)
    field = survey(prepare(case.clinic), case.bookings, case.request)
    offered = field.minutes[field.free["visit"][0][1]].tolist()
    before = range(0, first - 20, 10)  # a visit lasts 30 minutes and may not run into the gap
    after = range(last + 10, 24 * 60 - 20, 10)
    assert offered == [*before, *after]
    found = plan(case.clinic, case.bookings, case.request)
    assert found is not None
    assert found.infusions[1].minute == first - 30
    assert check(case.clinic, case.bookings, case.request, found) == []


def test_a_time_that_exists_twice_is_taken_the_first_time() -> None:
    case = _night_clinic("Europe/Berlin", date(2026, 10, 24), minute=150)
    found = plan(case.clinic, case.bookings, case.request)
    assert found is not None
    assert [infusion.start.isoformat() for infusion in found.infusions] == [
        "2026-10-24T02:30:00+02:00",
        "2026-10-25T02:30:00+02:00",
        "2026-10-26T02:30:00+01:00",
    ]
    assert check(case.clinic, case.bookings, case.request, found) == []


def test_the_second_of_two_equal_times_is_not_a_right_start() -> None:
    case = _night_clinic("Europe/Berlin", date(2026, 10, 24), minute=150)
    found = plan(case.clinic, case.bookings, case.request)
    assert found is not None
    second = replace(found.infusions[1], start=found.infusions[1].start.replace(fold=1))
    wrong = replace(found, infusions=(found.infusions[0], second, found.infusions[2]))
    assert [fault.rule for fault in check(case.clinic, case.bookings, case.request, wrong)] == ["R1"]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_options_and_relaxations_offer_keeps_the_rules_too(seed: int) -> None:
    case = tiny_case(Random(seed), tz="America/New_York", start=date(2027, 3, 10))
    field = survey(prepare(case.clinic), case.bookings, case.request)
    for proposal in propose(field):
        for each in proposal.plan.infusions:
            offered = options(field, proposal.plan.infusions, each.k)
            assert each.minute in [option.minute for option in offered[each.day]]
    if not propose(field):
        explanation = explain(case.clinic, case.bookings, case.request)
        assert list(explanation.relaxations) == sorted(explanation.relaxations, key=lambda r: r.objective)


def _moved(case: Case, tz: str, days: int) -> Case:
    """The same case in another zone, so many days later."""
    later = timedelta(days=days)
    clinic, request = case.clinic, case.request
    clinic = replace(
        clinic,
        tz=tz,
        horizon_start=clinic.horizon_start + later,
        nurse_shifts=tuple(replace(shift, day=shift.day + later) for shift in clinic.nurse_shifts),
        clinician_presence=tuple(replace(each, day=each.day + later) for each in clinic.clinician_presence),
        closures=tuple(replace(c, start=c.start + later, end=c.end + later) for c in clinic.closures),
    )
    away = tuple(replace(b, start=b.start + later, end=b.end + later) for b in request.availability.blackouts)
    request = replace(
        request,
        first_day_min=request.first_day_min + later,
        first_day_max=request.first_day_max + later,
        availability=Availability(request.availability.weekly, away),
    )
    b = case.bookings
    return Case(clinic, Bookings(b.site, b.chair, b.day + days, b.slot, b.type), request)


def _night_clinic(tz: str, start: date, minute: int) -> Case:
    """A clinic open day and night for three days, and a patient who wants one visit a day at `minute`."""
    case = tiny_case(Random(1), tz=tz, start=start)
    site = Site("A", dict.fromkeys(range(7), ((0, 1440),)), case.clinic.sites[0].chairs)
    days = [start + timedelta(days=day) for day in range(3)]
    visit = replace(case.clinic.session_types[0], name="visit")
    visit = replace(visit, phases=(replace(visit.phases[0], minutes=30, nurse_load=12),))
    clinic = replace(
        case.clinic,
        slot_min=10,
        start_step_min=None,
        horizon_days=3,
        sites=(site,),
        session_types=(visit,),
        nurse_shifts=tuple(Shift("n", "A", day, 0, 1440) for day in days),
        clinician_presence=tuple(Presence("A", day, 0, 1440) for day in days),
        holidays=frozenset(),
        closures=(),
    )
    request = replace(
        case.request,
        sites=("A",),
        chair_type=None,
        protocol=Protocol(3, ("visit",) * 3, 1, 1, 1, 3, 3),
        first_day_min=start,
        first_day_max=start,
        availability=Availability(dict.fromkeys(range(7), ((0, 1440),))),
        preference=Preference((minute, minute)),
        weights=replace(case.request.weights, same=0, pref=1),
    )
    return Case(clinic, Bookings.none(), request)


def test_a_visit_is_told_in_the_zone_of_the_clinic() -> None:
    case = _night_clinic("Asia/Kolkata", date(2026, 10, 24), minute=600)
    found = plan(case.clinic, case.bookings, case.request)
    assert found is not None
    assert found.infusions[0].start == datetime(2026, 10, 24, 4, 30, tzinfo=UTC)

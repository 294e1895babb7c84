"""Shifting one visit while the others stay: what is free, and what a wish breaks."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import (
    Availability,
    Blackout,
    Bookings,
    Clinic,
    Closure,
    Field,
    Request,
    best,
    breaks,
    check,
    options,
    prepare,
    survey,
    tabulate,
)
from tests.planning.oracle import every_course
from tests.planning.small_clinic import CLINIC, DAY, NO_BOOKINGS, REQUEST, booked, the_plan
from tests.planning.tiny import roomy_case, tiny_case

NINE = 9 * 60


def _field(bookings: Bookings = NO_BOOKINGS) -> Field:
    return survey(prepare(CLINIC), bookings, REQUEST)


def _words(
    k: int,
    day: date,
    minute: int,
    clinic: Clinic = CLINIC,
    bookings: Bookings = NO_BOOKINGS,
    request: Request = REQUEST,
) -> list[str]:
    faults = breaks(clinic, bookings, request, the_plan().infusions, k, day, minute)
    return [fault.words for fault in faults]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_the_options_of_a_visit_are_exactly_the_plans_with_the_others_unmoved(seed: int) -> None:
    case = roomy_case(Random(seed), visits=3)
    field = survey(prepare(case.clinic), case.bookings, case.request)
    plan = best(tabulate(field, case.request.weights))
    if plan is None:
        return
    courses = every_course(case.clinic, case.bookings, case.request)
    starts = [(each.day, each.minute) for each in plan.infusions]
    for k in (1, 2, 3):
        expected = set()
        for course in courses:
            theirs = [(visit.day, visit.minute) for visit in course.visits]
            if course.site == plan.site and theirs[: k - 1] + theirs[k:] == starts[: k - 1] + starts[k:]:
                expected.add(theirs[k - 1])
        offered = options(field, plan.infusions, k)
        assert {(day, option.minute) for day in offered for option in offered[day]} == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_a_wish_breaks_nothing_exactly_where_it_is_an_option(seed: int) -> None:
    case = tiny_case(Random(seed))
    field = survey(prepare(case.clinic), case.bookings, case.request)
    plan = best(tabulate(field, case.request.weights))
    if plan is None:
        return
    offered = options(field, plan.infusions, 1)
    for day in (case.request.first_day_min + timedelta(days=offset) for offset in range(4)):
        for minute in range(8 * 60, 13 * 60, 30):
            broken = breaks(case.clinic, case.bookings, case.request, plan.infusions, 1, day, minute)
            free = minute in [option.minute for option in offered.get(day, [])]
            assert (broken == []) == free


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_an_option_taken_makes_a_right_plan(seed: int) -> None:
    case = tiny_case(Random(seed), visits=2)
    field = survey(prepare(case.clinic), case.bookings, case.request)
    plan = best(tabulate(field, case.request.weights))
    if plan is None:
        return
    for day, offered in options(field, plan.infusions, 2).items():
        for option in offered:
            wall = datetime(day.year, day.month, day.day, option.minute // 60, option.minute % 60)  # noqa: DTZ001
            moved = replace(
                plan.infusions[1], start=wall.replace(tzinfo=case.clinic.zone), chair=option.chair
            )
            other = replace(plan, infusions=(plan.infusions[0], moved))
            rules = {fault.rule for fault in check(case.clinic, case.bookings, case.request, other)}
            assert rules <= {"R13"}


def test_the_visits_own_chair_stays_where_it_is_free() -> None:
    infusions = tuple(replace(each, chair="N3") for each in the_plan().infusions)
    bookings = booked(("N3", DAY + timedelta(days=2), 11 * 60))
    offered = options(_field(bookings), infusions, 2)[DAY + timedelta(days=2)]
    chairs = {option.minute: option.chair for option in offered}
    assert chairs[NINE] == "N3"
    assert chairs[11 * 60] == "N1"


def test_a_wish_that_fits_breaks_nothing() -> None:
    assert _words(2, DAY + timedelta(days=2), 10 * 60) == []


def test_a_visit_shifted_too_near_says_by_how_much() -> None:
    faults = breaks(CLINIC, NO_BOOKINGS, REQUEST, the_plan().infusions, 2, DAY + timedelta(days=1), NINE)
    assert [(fault.rule, fault.k, fault.other, fault.days) for fault in faults] == [("R10", 2, 1, 1)]
    assert faults[0].words == "Visit 2 would come 1 day after visit 1, too soon: at least 2 days."


def test_a_shift_that_breaks_gap_and_span_says_both() -> None:
    assert _words(3, DAY + timedelta(days=7), NINE) == [
        "Visit 3 would come 5 days after visit 2, too late: at most 4 days.",
        "The course would take 8 days, too long: at most 7 days.",
    ]


def test_every_rule_of_the_clinic_is_told() -> None:
    day = DAY + timedelta(days=2)
    night = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - wall time
    closed = replace(
        CLINIC, closures=(Closure(night, night + timedelta(days=1), site="North", reason="staff day"),)
    )
    assert _words(2, day, NINE, clinic=closed) == ["The clinic is closed: staff day."]
    assert _words(2, day, NINE, clinic=replace(CLINIC, holidays=frozenset({day}))) == [
        "The clinic is closed for a holiday."
    ]
    assert _words(2, day, 7 * 60)[0] == "The visit would be outside opening hours."
    sundays_off = replace(CLINIC, sites=tuple(replace(site, hours={}) for site in CLINIC.sites))
    assert _words(2, day, NINE, clinic=sundays_off) == ["The clinic is closed that day."]
    away = Availability(REQUEST.availability.weekly, (Blackout(night, night + timedelta(days=1)),))
    assert _words(2, day, NINE, request=replace(REQUEST, availability=away)) == ["The patient is away then."]
    never = replace(REQUEST, availability=Availability({}))
    assert _words(2, day, NINE, request=never) == ["The patient can't come that day."]
    alone = replace(CLINIC, nurse_shifts=CLINIC.nurse_shifts[:0])
    assert _words(2, day, NINE, clinic=alone) == ["No nurse is on duty at 09:00."]


def test_no_chair_free_is_told() -> None:
    day = DAY + timedelta(days=2)
    full = booked(("N1", day, NINE + 50), ("N2", day, NINE + 50), ("N3", day, NINE + 50))
    assert "No chair is free then." in _words(2, day, NINE, bookings=full)

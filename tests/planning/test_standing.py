"""Which standing visits a clinic no longer carries."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import NO_CHAIR, Bookings, Clinic, Closure, Fault, Wish, recheck, standing_faults
from scheduler.planning.standing import RULES
from tests.planning.small_clinic import CLINIC, DAY, booked
from tests.planning.tiny import tiny_case

NINE = 9 * 60
TWO = booked(("N1", DAY, NINE), ("N2", DAY, NINE))


def rules(clinic: Clinic, bookings: Bookings) -> list[set[str]]:
    return [{fault.rule for fault in faults} for faults in standing_faults(clinic, bookings)]


def test_visits_that_fit_hold() -> None:
    assert rules(CLINIC, TWO) == [set(), set()]


def test_a_sick_nurse_breaks_the_visits_that_need_both() -> None:
    one_less = replace(CLINIC, nurse_shifts=tuple(s for s in CLINIC.nurse_shifts if s.nurse != "North-0"))
    assert rules(one_less, TWO) == [{"R6"}, {"R6"}]


def test_a_day_without_a_clinician_breaks_its_visits() -> None:
    assert rules(replace(CLINIC, clinician_presence=()), TWO) == [{"R7"}, {"R7"}]


def test_shorter_hours_break_what_lies_outside() -> None:
    north, *others = CLINIC.sites
    later = replace(north, hours=dict.fromkeys(range(7), ((10 * 60, 18 * 60),)))
    assert rules(replace(CLINIC, sites=(later, *others)), TWO) == [{"R3"}, {"R3"}]


def test_a_closure_of_a_chair_breaks_only_its_own_visits() -> None:
    start = datetime.combine(DAY, time(9))
    shut = Closure(start, start + timedelta(hours=1), site="North", chair="N2", reason="Service")
    assert rules(replace(CLINIC, closures=(shut,)), TWO) == [set(), {"R4"}]


def test_a_chair_taken_out_breaks_its_visits_and_they_still_take_the_nurses() -> None:
    gone = Bookings(TWO.site, np.array([NO_CHAIR, *TWO.chair[1:]]), TWO.day, TWO.slot, TWO.type)
    (first, *_), second = standing_faults(CLINIC, gone)
    assert first.fault is Fault.UNKNOWN_CHAIR and second == []
    assert rules(replace(CLINIC, nurse_shifts=()), gone) == [{"R2", "R6"}, {"R6"}]


@given(st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_a_visit_holds_exactly_where_it_could_be_booked_again(draw: Random) -> None:
    case = tiny_case(draw)
    clinic, bookings = case.clinic, case.bookings
    rows = list(zip(*(column.tolist() for column in bookings.columns), strict=True))
    for at, (faults, (site, chair, day, slot, kind)) in enumerate(
        zip(standing_faults(clinic, bookings), rows, strict=True)
    ):
        if chair == NO_CHAIR:
            continue
        others = bookings.where(np.arange(len(bookings)) != at)
        wish = Wish(
            0,
            clinic.sites[site].id,
            clinic.chairs[chair][1].id,
            DAY.fromordinal(day),
            slot * clinic.slot_min,
            clinic.session_types[kind].name,
        )
        (again,) = recheck(clinic, others, [wish])
        assert [(f.rule, f.words) for f in faults] == [(f.rule, f.words) for f in again if f.rule in RULES]

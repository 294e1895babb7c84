"""Judging chosen visits again inside the lock, and the nurses' load of a day."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import (
    NO_CHAIR,
    Bookings,
    Fault,
    Phase,
    SessionType,
    Wish,
    load_profile,
    plan,
    recheck,
)
from tests.planning.small_clinic import CLINIC, DAY, NO_BOOKINGS, booked
from tests.planning.tiny import tiny_case

NINE = 9 * 60


def _wish(k: int = 1, chair: str = "N1", minute: int = NINE, days: int = 0) -> Wish:
    return Wish(k, "North", chair, DAY + timedelta(days=days), minute, "visit")


def test_visits_that_still_fit_break_nothing() -> None:
    assert recheck(CLINIC, NO_BOOKINGS, [_wish(), _wish(2, days=2)]) == [[], []]


def test_only_the_visit_whose_chair_was_taken_is_gone() -> None:
    bookings = booked(("N1", DAY + timedelta(days=2), NINE + 30))
    first, second = recheck(CLINIC, bookings, [_wish(), _wish(2, days=2)])
    assert first == []
    assert [(fault.rule, fault.k, fault.fault) for fault in second] == [("R5", 2, Fault.CHAIR_TAKEN)]


def test_two_wishes_cannot_take_the_last_chair() -> None:
    _, second = recheck(CLINIC, NO_BOOKINGS, [_wish(), _wish(2)])
    assert [fault.rule for fault in second] == ["R5"]


def test_a_third_preparation_at_once_is_too_much_for_two_nurses() -> None:
    wishes = [_wish(1, "N1"), _wish(2, "N2"), _wish(3, "N3")]
    assert [[fault.rule for fault in faults] for faults in recheck(CLINIC, NO_BOOKINGS, wishes)] == [
        [],
        [],
        ["R6"],
    ]


def test_a_chair_that_is_gone_is_told() -> None:
    for wish in (_wish(chair="N9"), _wish(chair="S1"), replace(_wish(), site="East")):
        assert [fault.fault for fault in recheck(CLINIC, NO_BOOKINGS, [wish])[0]] == [Fault.UNKNOWN_CHAIR]


def test_a_visit_on_a_chair_no_longer_in_use_still_takes_the_nurses() -> None:
    rows = [(0, NO_CHAIR, DAY.toordinal(), NINE // 10, 0)] * 2
    faults = recheck(CLINIC, Bookings.of_columns(rows), [_wish()])[0]
    assert [fault.rule for fault in faults] == ["R6"]


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_a_plan_passes_the_check_it_will_meet_when_it_is_booked(seed: int) -> None:
    case = tiny_case(Random(seed))
    found = plan(case.clinic, case.bookings, case.request)
    if found is not None:
        wishes = [Wish(i.k, i.site, i.chair, i.day, i.minute, i.type) for i in found.infusions]
        assert not any(recheck(case.clinic, case.bookings, wishes))


def test_the_load_of_a_day_is_the_sum_of_its_phases() -> None:
    bookings = booked(("N1", DAY, NINE), ("N2", DAY, NINE + 20), ("N1", DAY + timedelta(days=1), NINE))
    profile = {slot.minute: slot for slot in load_profile(CLINIC, bookings, "North", DAY)}
    assert len(profile) == 144
    assert [profile[minute].load for minute in (530, 540, 550, 560, 570, 580, 600, 620)] == [
        0, 12, 12, 15, 15, 6, 3, 0,
    ]  # fmt: skip
    assert [profile[minute].limit for minute in (470, 480, 1070, 1080)] == [0, 24, 24, 0]


def test_the_load_of_another_site_does_not_count() -> None:
    bookings = booked(("N1", DAY, NINE))
    assert all(slot.load == 0 for slot in load_profile(CLINIC, bookings, "South", DAY))


def test_a_phase_of_no_minutes_changes_nothing() -> None:
    kind = CLINIC.session_types[0]
    padded = SessionType(
        kind.name, (Phase("none", 0, 12), *kind.phases, Phase("none", 0, 12, clinician=True))
    )
    clinic = replace(CLINIC, session_types=(padded,))
    bookings = booked(("N1", DAY, NINE))
    assert load_profile(clinic, bookings, "North", DAY) == load_profile(CLINIC, bookings, "North", DAY)
    assert recheck(clinic, NO_BOOKINGS, [_wish(minute=17 * 60)]) == [[]]

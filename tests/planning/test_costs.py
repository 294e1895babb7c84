"""What a plan costs, told term by term."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import Preference, Term, plan, why_cost
from tests.planning.oracle import every_course
from tests.planning.small_clinic import CLINIC, DAY, NO_BOOKINGS, REQUEST, booked, infusion, the_plan
from tests.planning.tiny import tiny_case


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32))
def test_the_terms_sum_to_the_objective(seed: int) -> None:
    case = tiny_case(Random(seed))
    found = plan(case.clinic, case.bookings, case.request)
    if found is not None:
        costs = why_cost(case.clinic, case.bookings, case.request, found.infusions)
        cheapest = every_course(case.clinic, case.bookings, case.request)[0]
        assert sum(cost.points for cost in costs) == cheapest.objective


def test_a_plan_without_a_flaw_costs_nothing() -> None:
    assert why_cost(CLINIC, NO_BOOKINGS, REQUEST, the_plan().infusions) == []


def test_each_term_is_told_in_a_few_words() -> None:
    request = replace(
        REQUEST,
        first_day_min=DAY - timedelta(days=1),
        preference=Preference((9 * 60, 9 * 60 + 25), frozenset({4})),
    )
    infusions = (
        infusion(1, DAY, 540),
        infusion(2, DAY + timedelta(days=3), 540),
        infusion(3, DAY + timedelta(days=4), 600),
    )
    bookings = booked(("N2", DAY, 540))
    costs = why_cost(CLINIC, bookings, request, infusions)
    assert [(cost.term, cost.k, cost.amount, cost.points, cost.words) for cost in costs] == [
        (Term.GAP, 2, 1, 100, "gap of 3 days before no. 2"),
        (Term.GAP, 3, 1, 100, "gap of 1 day before no. 3"),
        (Term.SAME, 3, 6, 12, "no. 3 at 10:00 instead of 09:00"),
        (Term.PREF, 3, 4, 12, "no. 3 at 10:00, outside the preferred hours"),
        (Term.WEEKDAY, 3, 1, 30, "no. 3 on a Friday"),
        (Term.EARLY, 1, 1, 20, "starts 1 day after the first possible day"),
        (Term.LOAD, 1, 10, 10, "a busy time for the nurses at no. 1"),
    ]
    assert [cost.gap for cost in costs if cost.term is Term.GAP] == [3, 1]


def test_a_visit_shifted_past_midnight_is_costed_as_far_as_the_day_goes() -> None:
    late = infusion(3, DAY + timedelta(days=4), 1430)
    costs = why_cost(CLINIC, NO_BOOKINGS, REQUEST, (*the_plan().infusions[:2], late))
    assert [(cost.term, cost.k, cost.amount) for cost in costs] == [(Term.SAME, 3, 89), (Term.LOAD, 3, 12)]

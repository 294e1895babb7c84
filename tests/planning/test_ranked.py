"""Alternatives: ranked, really different, and none better left out."""

from collections.abc import Sequence
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduler.planning import Plan, Tables, alternatives, best, check, really_different, survey, tabulate
from scheduler.planning.ground import prepare
from tests.planning.oracle import Course, differs, every_course
from tests.planning.tiny import Case, roomy_case, tiny_case


def _tables(case: Case) -> Tables:
    field = survey(prepare(case.clinic), case.bookings, case.request)
    return tabulate(field, case.request.weights)


def _cheapest_left(courses: Sequence[Course], earlier: Sequence[Plan]) -> int | None:
    """The objective of the best plan that is really different from all the earlier ones."""
    return next(
        (
            course.objective
            for course in courses
            if all(differs(course, plan.days, plan.median_minute) for plan in earlier)
        ),
        None,
    )


def _assert_ranked_and_exact(case: Case, wanted: int) -> None:
    tables = _tables(case)
    first = best(tables)
    plans = [first, *alternatives(tables, wanted)] if first else []
    courses = every_course(case.clinic, case.bookings, case.request)
    for at, plan in enumerate(plans):
        assert plan.objective == _cheapest_left(courses, plans[:at])
        assert check(case.clinic, case.bookings, case.request, plan) == []
        assert all(really_different(plan, other) for other in plans[:at])
    if len(plans) <= wanted:
        assert _cheapest_left(courses, plans) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_no_better_alternative_is_left_out_where_there_is_room(seed: int) -> None:
    _assert_ranked_and_exact(roomy_case(Random(seed)), wanted=6)


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32))
def test_three_other_dates_of_five_visits_make_an_alternative(seed: int) -> None:
    _assert_ranked_and_exact(roomy_case(Random(seed), visits=5), wanted=5)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4))
@example(seed=0, visits=1)
def test_no_better_alternative_is_left_out_where_little_is_free(seed: int, visits: int) -> None:
    _assert_ranked_and_exact(tiny_case(Random(seed), visits=visits), wanted=8)


def test_no_alternative_to_a_request_without_a_plan() -> None:
    case = next(c for c in (tiny_case(Random(seed)) for seed in range(50)) if not _has_plan(c))
    assert alternatives(_tables(case), 3) == []


def _has_plan(case: Case) -> bool:
    return best(_tables(case)) is not None

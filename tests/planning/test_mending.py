"""The repair of one course against everything it could become, and the rules that a desk relies on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import Bookings, prepare
from scheduler.planning.mending import Ailing, CourseVisit, Pin, Ward, examine
from scheduler.planning.mending_path import Mended, free_starts, ranked_repairs, repairs, ripples
from scheduler.planning.mending_spacing import mend_faults
from tests.planning.ailing import ailing_case, every_repair
from tests.planning.small_clinic import CLINIC, DAY, NO_BOOKINGS, REQUEST, booked
from tests.planning.tiny import Case

NINE = 540
COURSE = Ailing(
    request=replace(
        REQUEST,
        sites=("North",),
        protocol=replace(REQUEST.protocol, recovery_gap_max=5, recovery_span_max=12),
    ),
    visits=tuple(CourseVisit(k, DAY + timedelta(days=2 * (k - 1)), NINE, "N1") for k in (1, 2, 3)),
    anchor=NINE,
    now=datetime(DAY.year, DAY.month, DAY.day) - timedelta(hours=4),  # noqa: DTZ001 - wall time
    until=DAY + timedelta(days=14),
)


def _examined(case: Case, course: Ailing) -> Ward:
    return examine(prepare(case.clinic), case.bookings, course)


def _ward(course: Ailing, bookings: Bookings = NO_BOOKINGS) -> Ward:
    return examine(prepare(CLINIC), bookings, course)


def _later(days: int) -> date:
    return DAY + timedelta(days=days)


def _starts(mended: Mended) -> dict[int, tuple[date, int]]:
    return {visit.k: (visit.day, visit.minute) for visit in mended.visits}


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_the_first_repair_is_the_cheapest_of_all_there_are(seed: int) -> None:
    case, course = ailing_case(Random(seed))
    every = every_repair(case, course)
    best = next(repairs(_examined(case, course), course), None)
    assert (best is None) == (not every)
    if best is not None:
        assert best.objective == every[0].objective
        mine = tuple((visit.k, visit.day, visit.minute) for visit in best.visits)
        assert mine in [each.starts for each in every if each.objective == best.objective]


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_repairs_come_in_order_of_their_objective_one_for_each_choice_of_days(seed: int) -> None:
    case, course = ailing_case(Random(seed))
    cheapest: dict[tuple[date, ...], int] = {}
    for each in every_repair(case, course):
        cheapest.setdefault(each.days, each.objective)
    found = list(repairs(_examined(case, course), course))
    assert {each.days: each.objective for each in found} == cheapest
    assert [each.objective for each in found] == sorted(cheapest.values())


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_the_free_starts_of_a_visit_are_the_repairs_that_leave_all_others_alone(seed: int) -> None:
    case, course = ailing_case(Random(seed))
    course = replace(course, visits=tuple(visit for visit in course.visits if visit.day), pins={})
    mine = course.visits[-1]
    if mine.done:
        return
    others = replace(course, stay=frozenset(visit.k for visit in course.visits) - {mine.k})
    own = mine.day, mine.minute
    expected = {each.starts[-1][1:] for each in every_repair(case, others)} - {own}
    offered = free_starts(_examined(case, others), others, mine.k)
    assert {(day, minute) for day in offered for minute in offered[day]} - {own} == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_the_ripple_of_a_day_is_what_the_cheapest_repair_on_it_moves(seed: int) -> None:
    case, course = ailing_case(Random(seed))
    course = replace(course, pins={})
    ahead = [visit.k for visit in course.visits if not visit.done]
    if not ahead:
        return
    k = ahead[seed % len(ahead)]
    cheapest: dict[date, int] = {}
    least: dict[date, set[tuple[int, ...]]] = {}
    for each in every_repair(case, course):
        day = next(day for number, day, _ in each.starts if number == k)
        if cheapest.setdefault(day, each.objective) == each.objective:
            least.setdefault(day, set()).add(_moved(course, each.starts, k))
    found = ripples(_examined(case, course), course, k)
    assert found.keys() == least.keys()
    assert all(found[day] in least[day] for day in found)


def _moved(course: Ailing, starts: Sequence[tuple[int, date, int]], but: int) -> tuple[int, ...]:
    old = {visit.k: (visit.day, visit.minute) for visit in course.visits if visit.day}
    return tuple(k for k, day, minute in starts if k in old and k != but and old[k] != (day, minute))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_spacing_is_said_to_be_broken_exactly_where_no_repair_may_have_it(seed: int) -> None:
    draw = Random(seed)
    _, course = ailing_case(draw)
    course = replace(course, strain=0)
    course = replace(course, visits=tuple(visit for visit in course.visits if visit.day))
    days = {
        visit.k: visit.day + timedelta(days=draw.randint(-1, 1)) for visit in course.visits if not visit.done
    }
    order = [days.get(visit.k, visit.day) for visit in course.visits]
    kept = course.may_span(order[0].toordinal(), order[-1].toordinal()) and all(
        course.may_follow(v, a.toordinal(), w, b.toordinal())
        for v, a, w, b in zip(course.visits, order, course.visits[1:], order[1:], strict=False)
    )
    assert (not mend_faults(course, days)) == kept


def test_a_course_that_keeps_every_rule_stays_as_it_is() -> None:
    best = next(repairs(_ward(COURSE), COURSE))
    assert best.moved == ()


def test_moving_one_visit_takes_the_next_along_only_where_it_must() -> None:
    asked = replace(COURSE, pins={2: Pin(_later(3), NINE)})
    best = next(repairs(_ward(asked), asked))
    assert best.moved == (2, 3)
    assert _starts(best)[3] == (_later(5), NINE)
    roomy = replace(COURSE, pins={2: Pin(_later(2), NINE + 60)})
    assert next(repairs(_ward(roomy), roomy)).moved == (2,)


def test_a_visit_that_is_done_never_moves() -> None:
    done = replace(COURSE, visits=(replace(COURSE.visits[0], done=True), *COURSE.visits[1:]))
    asked = replace(done, pins={2: Pin(_later(1), NINE)})
    assert next(repairs(_ward(asked), asked), None) is None


def test_the_patient_may_ask_for_a_time_outside_their_hours_but_no_other_visit_goes_there() -> None:
    never = replace(COURSE, request=replace(COURSE.request, availability=replace(
        COURSE.request.availability, weekly=dict.fromkeys(range(7), ((NINE, NINE + 120),)))))  # fmt: skip
    asked = replace(never, pins={2: Pin(_later(3), NINE + 120)})
    best = next(repairs(_ward(asked), asked))
    assert _starts(best)[2] == (_later(3), NINE + 120)
    assert _starts(best)[3][1] == NINE


def test_a_chair_that_was_asked_for_and_is_taken_ends_it() -> None:
    taken = booked(("N1", _later(2), NINE + 60))
    asked = replace(COURSE, pins={2: Pin(_later(2), NINE + 60, "N1")})
    assert next(repairs(_ward(asked, taken), asked), None) is None
    other = replace(COURSE, pins={2: Pin(_later(2), NINE + 60, "N2")})
    assert {visit.k: visit.chair for visit in next(repairs(_ward(other, taken), other)).visits}[2] == "N2"


def test_a_visit_keeps_its_chair_where_it_can_and_changing_it_alone_is_no_move() -> None:
    taken = booked(("N1", _later(2), NINE))
    best = next(repairs(_ward(COURSE, taken), COURSE))
    assert best.moved == ()
    assert {visit.k: visit.chair for visit in best.visits} == {1: "N1", 2: "N2", 3: "N1"}


def test_a_visit_that_stands_where_none_could_be_booked_any_more_moves_only_where_nothing_is_settled() -> (
    None
):
    holiday = replace(CLINIC, holidays=frozenset({_later(4)}))
    ward = examine(prepare(holiday), NO_BOOKINGS, COURSE)
    assert next(repairs(ward, COURSE)).moved == (3,)
    assert next(repairs(ward, replace(COURSE, settled=True))).moved == ()


def test_a_number_without_a_visit_is_planned_and_the_gap_over_one_that_is_left_out_counts_as_two() -> None:
    missing = replace(COURSE, visits=(COURSE.visits[0], CourseVisit(2), COURSE.visits[2]))
    best = next(repairs(_ward(missing), missing))
    assert best.moved == ()
    assert _starts(best)[2] == (_later(2), NINE)
    without = replace(COURSE, visits=(COURSE.visits[0], COURSE.visits[2]))
    assert next(repairs(_ward(without), without)).objective == 0


def test_ranked_repairs_differ_by_the_visits_they_move_before_they_differ_by_dates() -> None:
    asked = replace(COURSE, pins={2: Pin(_later(3), NINE)})
    found = ranked_repairs(_ward(asked), asked, 3)
    assert found[0].objective == min(each.objective for each in found)
    assert [each.moved for each in found] == [(2, 3), (2, 3), (1, 2, 3)]
    assert len({each.days for each in found}) == 3


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (3, "Visit 3 would come 1 day after visit 2: too soon, at least 2 days."),
        (4, "Visit 3 would come on the same day as visit 2."),
        (5, "Visit 3 would come before visit 2."),
    ],
)
def test_a_visit_too_near_to_the_next_says_so_in_words(day: int, words: str) -> None:
    assert words in [fault.words for fault in mend_faults(COURSE, {2: _later(day)})]


def test_a_course_that_would_take_too_long_says_so_in_words() -> None:
    assert [fault.words for fault in mend_faults(COURSE, {2: _later(5), 3: _later(12)})] == [
        "Visit 3 would come 7 days after visit 2: too late, at most 5 days.",
        "The course would take 13 days: too long, at most 12 days.",
    ]

"""Proposals: the best first, then those best at one wish, none like another."""

from itertools import pairwise
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import (
    Field,
    Plan,
    check,
    prepare,
    propose,
    read_clinic,
    read_request,
    really_different,
    survey,
)
from scheduler.planning.proposals import (
    ANOTHER_SET,
    BEST_SPACING,
    EARLIEST_START,
    SAME_HOUR,
)
from tests.planning.oracle import Course, every_course
from tests.planning.tiny import roomy_case, tiny_case

_WISHES = (BEST_SPACING, EARLIEST_START, SAME_HOUR)
SAMPLES = Path(__file__).with_name("samples")


def _measures(course: Course, target: int) -> dict[str, int]:
    return {
        BEST_SPACING: sum(abs((b - a).days - target) for a, b in pairwise(course.days)),
        EARLIEST_START: course.days[0].toordinal(),
        SAME_HOUR: sum(abs(visit.minute - course.median) for visit in course.visits),
    }


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32))
def test_a_name_is_earned(seed: int) -> None:
    case = roomy_case(Random(seed))
    proposals = propose(survey(prepare(case.clinic), case.bookings, case.request))
    courses = every_course(case.clinic, case.bookings, case.request)
    target = case.request.protocol.gap_target
    least = {name: min((_measures(c, target)[name] for c in courses), default=0) for name in _WISHES}
    for proposal in proposals:
        same = next(
            c for c in courses if c.days == proposal.plan.days and _starts(c) == _minutes(proposal.plan)
        )
        reached = {name for name in _WISHES if _measures(same, target)[name] == least[name]}
        assert reached == set(proposal.names) & set(_WISHES)
        assert check(case.clinic, case.bookings, case.request, proposal.plan) == []


def _starts(course: Course) -> list[int]:
    return [visit.minute for visit in course.visits]


def _minutes(plan: Plan) -> list[int]:
    return [infusion.minute for infusion in plan.infusions]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_the_best_comes_first_and_no_two_are_alike(seed: int) -> None:
    case = roomy_case(Random(seed))
    proposals = propose(survey(prepare(case.clinic), case.bookings, case.request))
    courses = every_course(case.clinic, case.bookings, case.request)
    assert [each.plan.objective for each in proposals] == sorted(each.plan.objective for each in proposals)
    assert (proposals[0].plan.objective if proposals else None) == (courses[0].objective if courses else None)
    for at, proposal in enumerate(proposals):
        assert all(really_different(proposal.plan, other.plan) for other in proposals[:at])
    titles = [each.name for each in proposals if each.name != ANOTHER_SET]
    assert len(titles) == len(set(titles))


def _sample(clinic_name: str, request_name: str) -> Field:
    clinic, bookings = read_clinic((SAMPLES / f"{clinic_name}.json").read_text())
    request = read_request((SAMPLES / f"{clinic_name}_{request_name}.json").read_text(), clinic)
    return survey(prepare(clinic), bookings, request)


def test_three_proposals_with_three_names() -> None:
    proposals = propose(_sample("clinic8", "req3"))
    assert [each.name for each in proposals] == [EARLIEST_START, BEST_SPACING, SAME_HOUR]


def test_what_the_best_plan_is_best_at_needs_no_second_proposal() -> None:
    proposals = propose(_sample("clinic3", "req3"))
    assert proposals[0].names == (BEST_SPACING, EARLIEST_START, SAME_HOUR)
    assert [each.name for each in proposals[1:]] == [ANOTHER_SET, ANOTHER_SET]


def test_no_plan_makes_no_proposal() -> None:
    assert propose(_sample("clinic3", "req1")) == []


def test_as_many_proposals_as_asked_for() -> None:
    assert len(propose(_sample("clinic8", "req3"), count=1)) == 1
    assert len(propose(_sample("clinic8", "req3"), count=5)) == 5


def test_one_visit_alone_is_named_by_its_day() -> None:
    names = set()
    for seed in range(60):
        case = tiny_case(Random(seed), visits=1)
        for proposal in propose(survey(prepare(case.clinic), case.bookings, case.request)):
            names |= set(proposal.names)
    assert EARLIEST_START in names
    assert not names & {BEST_SPACING, SAME_HOUR}

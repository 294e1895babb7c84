"""The optimum: proven ones from the samples, and brute force on tiny cases."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.planning import check, plan, prepare, read_clinic, read_request, survey, tabulate, window
from scheduler.planning.optimum import best
from tests.planning.oracle import every_course
from tests.planning.tiny import tiny_case

SAMPLES = sorted(Path(__file__).with_name("samples").glob("*_req?.json"))


def test_all_samples_are_here() -> None:
    assert len(SAMPLES) == 30


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_reaches_its_proven_optimum(path: Path) -> None:
    clinic, bookings = read_clinic(path.with_name(path.name.split("_")[0] + ".json").read_text())
    request = read_request(path.read_text(), clinic)
    expected = json.loads(path.with_suffix(".expected.json").read_text())
    found = plan(clinic, bookings, request)
    assert (found and found.objective) == expected.get("objective")
    assert ("ok" if found else "infeasible") == expected["status"]
    assert found is None or check(clinic, bookings, request, found) == []


@settings(max_examples=250, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_complete_plan_is_cheaper(draw: Random) -> None:
    case = tiny_case(draw)
    courses = every_course(case.clinic, case.bookings, case.request)
    found = plan(case.clinic, case.bookings, case.request)
    assert (found and found.objective) == (courses[0].objective if courses else None)
    assert found is None or check(case.clinic, case.bookings, case.request, found) == []


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_ground_kept_for_the_whole_horizon_gives_the_same_plan(draw: Random) -> None:
    case = tiny_case(draw)
    kept = prepare(case.clinic)
    warm = best(tabulate(survey(kept, case.bookings, case.request), case.request.weights))
    assert warm == plan(case.clinic, case.bookings, case.request)


def test_a_ground_of_too_few_days_is_refused() -> None:
    case = tiny_case(Random(5))
    first, _ = window(case.request)
    short = prepare(case.clinic, first, first)
    with pytest.raises(ValueError, match="does not cover"):
        survey(short, case.bookings, case.request)

"""When ratings are due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.ratings.timing import (
    AT_VISIT,
    Hours,
    Lack,
    due_at,
    hours,
    infusion_phase,
    lacking,
    window,
)
from scheduler.models import Infusion, InfusionStatus, ProtocolPhase, TimePoint

START = datetime(2026, 11, 2, 14, 0, tzinfo=UTC)
PHASES = [
    ProtocolPhase(name="Preparation", minutes=20, clinician_present=False),
    ProtocolPhase(name="Infusion", minutes=40, clinician_present=True),
    ProtocolPhase(name="Recovery", minutes=50, clinician_present=False),
    ProtocolPhase(name="Discharge", minutes=10, clinician_present=False),
]


def visit(**facts: object) -> Infusion:
    return Infusion(starts_at=START, ends_at=START + timedelta(minutes=120), **facts)


def test_two_hours_after_counts_from_the_infusion_not_from_the_visit() -> None:
    assert due_at(TimePoint.POST_2H, hours(visit(), PHASES)) == START + timedelta(minutes=140)


def test_two_hours_after_counts_from_the_recorded_start_where_there_is_one() -> None:
    late = hours(visit(started_at=START + timedelta(minutes=45)), PHASES)
    assert due_at(TimePoint.POST_2H, late) == START + timedelta(minutes=185)


def test_the_rating_before_is_due_when_the_patient_is_here() -> None:
    early = hours(visit(arrived_at=START - timedelta(minutes=15)), PHASES)
    assert due_at(TimePoint.PRE, early) == START - timedelta(minutes=15)
    assert due_at(TimePoint.PRE, hours(visit(), PHASES)) == START


@pytest.mark.parametrize("status", [InfusionStatus.MISSED, InfusionStatus.CANCELLED])
def test_a_visit_that_did_not_take_place_lacks_no_rating(status: InfusionStatus) -> None:
    assert lacking(status, hours(visit(), PHASES), (), START + timedelta(days=9)) == ()


def test_a_rating_is_due_first_and_missing_once_no_answer_could_fill_it() -> None:
    times = hours(visit(), PHASES)
    due = lacking(InfusionStatus.SCHEDULED, times, (), START)
    missing = lacking(InfusionStatus.SCHEDULED, times, (), times.ends_at + timedelta(seconds=1))
    assert due == (Lack(TimePoint.PRE, is_over=False),)
    assert missing == (Lack(TimePoint.PRE, is_over=True),)


def test_what_is_given_is_not_lacking() -> None:
    later = START + timedelta(hours=3)
    assert lacking(InfusionStatus.COMPLETED, hours(visit(), PHASES), set(AT_VISIT), later) == ()


def test_a_protocol_without_a_clinicians_phase_infuses_in_its_second_phase() -> None:
    plain = [ProtocolPhase(name=name, minutes=30, clinician_present=False) for name in "abc"]
    assert infusion_phase(plain) == 1
    assert infusion_phase(plain[:1]) == 0


@given(
    st.sampled_from(AT_VISIT),
    st.integers(min_value=0, max_value=180),
    st.integers(min_value=-60, max_value=60),
    st.integers(min_value=-2000, max_value=4000),
)
def test_a_rating_that_is_due_can_always_be_given_at_that_moment(
    point: TimePoint, infusion_after: int, here_after: int, now_after: int
) -> None:
    times = Hours(
        starts_at=START,
        ends_at=START + timedelta(minutes=200),
        infusion_at=START + timedelta(minutes=infusion_after),
        here_at=START + timedelta(minutes=here_after),
    )
    now = START + timedelta(minutes=now_after)
    for lack in lacking(InfusionStatus.ARRIVED, times, set(AT_VISIT) - {point}, now):
        first, last = window(point, times)
        assert first <= now
        assert lack.is_over == (now > last)

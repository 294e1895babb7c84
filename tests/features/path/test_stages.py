"""The way of a person as steps with their days: what was done, what is waited for, what was left out."""

from datetime import date

import pytest

from scheduler.features.path.stages import Later, stages
from scheduler.models import RequestStatus

S = RequestStatus


def day(number: int) -> date:
    return date(2026, 11, number)


def shown(reached: list[tuple[S, int]], status: S, today: int, later: tuple[Later, ...] = ()) -> list[str]:
    """Each step as `state name: took`, without those still ahead."""
    way = stages([(step, day(on)) for step, on in reached], status, day(today), "Suitable", later)
    return [f"{one.state} {one.name}: {one.took}" for one in way if one.state != "ahead"]


def test_each_step_says_the_days_it_took_and_the_next_one_how_long_it_is_waited_for() -> None:
    reached = [(S.NEW, 2), (S.CONTACTED, 2), (S.BOOKED, 3), (S.SEEN, 9)]
    assert shown(reached, S.SEEN, 12) == [
        "done Asked: ",
        "done Contacted: on the same day",
        "done Consultation booked: after 1 day",
        "done Consultation held: after 6 days",
        "now Decided: for 3 days",
    ]


def test_who_was_booked_at_once_was_not_contacted_on_a_day_of_its_own() -> None:
    assert shown([(S.NEW, 2), (S.BOOKED, 4)], S.BOOKED, 4) == [
        "done Asked: ",
        "skipped Contacted: ",
        "done Consultation booked: after 2 days",
        "now Consultation held: since today",
    ]


def test_a_missed_consultation_is_waited_for_again() -> None:
    reached = [(S.NEW, 2), (S.CONTACTED, 2), (S.BOOKED, 3), (S.CONTACTED, 9)]
    assert shown(reached, S.CONTACTED, 10)[-1] == "now Consultation booked: for 8 days"


def test_a_closed_request_ends_where_it_stood() -> None:
    assert shown([(S.NEW, 2), (S.CONTACTED, 3), (S.CLOSED, 8)], S.CLOSED, 30) == [
        "done Asked: ",
        "done Contacted: after 1 day",
        "ended Closed: after 5 days",
    ]


@pytest.mark.parametrize(
    ("later", "last"),
    [
        ((), "now Consents signed: for 2 days"),
        ((Later(True, day(10)), Later(False), Later(False)), "now Course booked: for 2 days"),
        ((Later(True), Later(True, day(11)), Later(False)), "now Baseline ratings given: for 1 day"),
        (
            (Later(True), Later(True, day(11)), Later(True, day(12))),
            "done Baseline ratings given: after 1 day",
        ),
    ],
)
def test_after_suitable_the_way_goes_on_with_the_patient(later: tuple[Later, ...], last: str) -> None:
    reached = [(S.NEW, 2), (S.BOOKED, 3), (S.SEEN, 9), (S.SUITABLE, 10)]
    assert shown(reached, S.SUITABLE, 12, later)[-1] == last

"""When a patient can come: ticks of half-days, exact windows, days away."""

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.courses.wishes import (
    Away,
    Wishes,
    patient_away,
    patient_weekly,
    ticks_of,
    weekly_of,
)
from scheduler.models import AvailabilityWindow, Blackout, Patient
from scheduler.planning import Protocol, Request
from scheduler.planning.patient import patient_faults

TICKS = st.frozensets(st.sampled_from([f"{day}{half}" for day in range(7) for half in "ap"]))
SPAN = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])
WEEKLY = st.dictionaries(st.integers(0, 6), st.lists(SPAN, min_size=1, max_size=3).map(tuple))
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
AWAY = st.builds(lambda days, minutes: Away(*sorted(days), minutes), st.tuples(DAYS, DAYS), st.none() | SPAN)
WISHES = st.builds(
    Wishes,
    WEEKLY,
    st.lists(AWAY, max_size=4).map(tuple),
    st.none() | SPAN,
    st.frozensets(st.integers(0, 6)),
)
WHOLE_WEEK = dict.fromkeys(range(7), ((0, 1440),))


@given(TICKS)
def test_ticks_become_windows_that_show_the_same_ticks(ticks: frozenset[str]) -> None:
    assert ticks_of(weekly_of(ticks, WHOLE_WEEK)) == ticks


@given(TICKS, WEEKLY)
def test_ticks_stay_ticks_whatever_the_patients_own_hours(ticks: frozenset[str], own: dict) -> None:
    assert ticks_of(weekly_of(ticks, own)) == ticks


@given(WEEKLY)
def test_a_day_left_as_it_was_keeps_its_exact_hours(own: dict) -> None:
    weekly = weekly_of(ticks_of(own), own)
    assert weekly == {day: spans for day, spans in own.items() if ticks_of({day: spans})}


def test_a_changed_day_becomes_whole_half_days_and_the_others_stay() -> None:
    own = {0: ((540, 900),), 2: ((600, 1000),)}
    assert ticks_of(own) == {"0a", "0p", "2a", "2p"}
    assert weekly_of(frozenset({"0a", "0p", "2a"}), own) == {0: ((540, 900),), 2: ((0, 720),)}


def test_less_than_an_hour_of_a_half_day_is_not_offered_as_one() -> None:
    assert ticks_of({0: ((600, 765),)}) == {"0a"}


@given(WISHES)
def test_wishes_are_kept_with_the_course_as_they_were(wishes: Wishes) -> None:
    assert Wishes.from_json(wishes.to_json()) == wishes


def test_a_patient_without_hours_can_come_at_any_time() -> None:
    assert patient_weekly(Patient(windows=[], blackouts=[])) == WHOLE_WEEK


def test_the_patients_own_page_gives_hours_and_days_away() -> None:
    patient = Patient(
        windows=[
            AvailabilityWindow(weekday=1, from_minute=540, to_minute=720),
            AvailabilityWindow(weekday=1, from_minute=800, to_minute=1000),
        ],
        blackouts=[
            Blackout(first_day=date(2026, 11, 9), last_day=date(2026, 11, 10)),
            Blackout(
                first_day=date(2026, 11, 12), last_day=date(2026, 11, 12), from_minute=600, to_minute=720
            ),
        ],
    )
    assert patient_weekly(patient) == {1: ((540, 720), (800, 1000))}
    assert patient_away(patient) == (
        Away(date(2026, 11, 9), date(2026, 11, 10)),
        Away(date(2026, 11, 12), date(2026, 11, 12), (600, 720)),
    )


def away_at(wishes: Wishes, wall: datetime, minutes: int = 120) -> bool:
    """Whether a visit there meets a day away."""
    request = Request(
        "1", ("1",), Protocol(1, ("1",), 1, 1, 1, 1, 1), date.min, date.max, wishes.availability()
    )
    return bool(patient_faults(request, wall.date(), wall.hour * 60 + wall.minute, minutes, 1))


def test_days_away_are_whole_days_with_both_ends() -> None:
    wishes = Wishes(WHOLE_WEEK, (Away(date(2026, 11, 9), date(2026, 11, 10)),))
    found = [away_at(wishes, datetime(2026, 11, day, 9)) for day in (8, 9, 10, 11)]  # noqa: DTZ001
    assert found == [False, True, True, False]


def test_hours_away_leave_the_rest_of_each_of_their_days() -> None:
    wishes = Wishes(WHOLE_WEEK, (Away(date(2026, 11, 9), date(2026, 11, 11), (600, 720)),))
    for day in (9, 10, 11):
        at = [away_at(wishes, datetime(2026, 11, day, hour)) for hour in (8, 9, 11, 12)]  # noqa: DTZ001
        assert at == [False, True, True, False]

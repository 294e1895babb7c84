"""When a patient can come: ticks, exact hours, days away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.patients.away import AwayRow, away_row, read_away
from scheduler.features.patients.data import Away, Window
from scheduler.features.patients.refused import Refused
from scheduler.features.patients.times import ALL_TICKS, HoursRow, read_hours, ticks_of, windows_of
from scheduler.features.patients.words import away_said, windows_said


def test_all_half_days_ticked_means_any_time_and_stores_nothing() -> None:
    assert windows_of(ALL_TICKS, ()) == ()
    assert ticks_of(()) == (ALL_TICKS, ())


def test_both_halves_of_a_day_are_one_window_because_a_visit_must_lie_in_one() -> None:
    assert windows_of(("1a", "1p", "3p"), ()) == (Window(1, 0, 1440), Window(3, 720, 1440))


def test_exact_hours_replace_the_ticks_of_their_day_only() -> None:
    assert windows_of(("1a", "2a"), [Window(1, 540, 690)]) == (Window(1, 540, 690), Window(2, 0, 720))


def test_nothing_ticked_and_nothing_written_is_refused() -> None:
    with pytest.raises(Refused, match="Tick at least one half-day"):
        windows_of((), ())


def test_hours_of_a_day_that_overlap_are_refused_and_those_that_touch_are_not() -> None:
    assert len(windows_of((), [Window(4, 540, 600), Window(4, 600, 660)])) == 2
    with pytest.raises(Refused, match="Friday overlap"):
        windows_of((), [Window(4, 590, 660), Window(4, 540, 600)])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (HoursRow("", "09:00", "12:00"), "weekday"),
        (HoursRow("7", "09:00", "12:00"), "weekday"),
        (HoursRow("1", "09:00", ""), "both times"),
        (HoursRow("1", "12:00", "09:00"), "later"),
        (HoursRow("1", "soon", "09:00"), "such as 09:30"),
    ],
)
def test_a_line_of_hours_says_what_is_missing(row: HoursRow, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_hours(row)


def test_hours_may_end_at_midnight() -> None:
    assert read_hours(HoursRow("6", "18:00", "00:00")) == Window(6, 1080, 1440)


SPANS = st.tuples(st.integers(0, 143), st.integers(1, 144)).filter(lambda pair: pair[0] < pair[1])
WINDOWS = st.lists(
    st.tuples(st.integers(0, 6), SPANS).map(lambda one: Window(one[0], one[1][0] * 10, one[1][1] * 10)),
    min_size=1,
    max_size=8,
    unique_by=lambda window: window.weekday,
)


@given(WINDOWS)
def test_what_is_stored_is_what_the_form_shows_and_saves_again(windows: list[Window]) -> None:
    ticks, exact = ticks_of(windows)
    again = windows_of(ticks, exact)
    assert again == tuple(sorted(windows)) or (again == () and len(windows) == 7)
    assert windows_said(windows)


@pytest.mark.parametrize(
    ("row", "days"),
    [
        (AwayRow("2026-12-24"), Away(date(2026, 12, 24), date(2026, 12, 24))),
        (
            AwayRow("24.12.2026", "2.1.2027", note=" ski "),
            Away(date(2026, 12, 24), date(2027, 1, 2), note="ski"),
        ),
        (AwayRow("2026-12-24", "", "8:00", "12:00"), Away(date(2026, 12, 24), date(2026, 12, 24), 480, 720)),
    ],
)
def test_days_away_are_read_with_and_without_an_end_and_times(row: AwayRow, days: Away) -> None:
    assert read_away(row, "dmy") == days
    assert read_away(away_row(days), "dmy") == days


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (AwayRow("", "2026-12-24"), "first day"),
        (AwayRow(note="Paris"), "first day"),
        (AwayRow("2026-12-24", "2026-12-23"), "before the first"),
        (AwayRow("2026-12-24", "2096-12-23"), "years apart"),
        (AwayRow("2026-12-24", "", "08:00"), "both times"),
        (AwayRow("2026-12-24", "", "12:00", "08:00"), "later"),
        (AwayRow("2026-02-30"), "The calendar has no"),
    ],
)
def test_days_away_that_can_not_be_are_refused(row: AwayRow, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_away(row, "dmy")


def test_hours_and_days_away_are_said_in_words() -> None:
    windows = [Window(0, 0, 1440), Window(1, 540, 720), Window(2, 0, 720)]
    assert windows_said(windows) == "Mon, Tue 09:00 to 12:00, Wed mornings"
    assert windows_said([]) == "at any time"
    away = Away(date(2026, 12, 24), date(2027, 1, 2), 480, 720, "travelling")
    assert away_said(away) == "24 Dec 2026 to 2 Jan 2027, 08:00 to 12:00, travelling"

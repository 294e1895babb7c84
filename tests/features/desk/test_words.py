"""What the pages say in sentences."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.features.desk import words
from scheduler.features.ratings.timing import AT_VISIT, Lack
from scheduler.models import AvailabilityWindow, Blackout, TimePoint

TODAY = date(2026, 11, 2)


def window(weekday: int, start: int, end: int) -> AvailabilityWindow:
    return AvailabilityWindow(weekday=weekday, from_minute=start, to_minute=end)


def test_no_window_means_any_time() -> None:
    assert words.availability([]) == ["At any time the clinic is open"]


def test_days_with_the_same_hours_stand_together() -> None:
    found = words.availability(
        [window(0, 0, 720), window(2, 0, 720), window(4, 0, 720), window(1, 780, 1020)]
    )
    assert found == ["Mon, Wed and Fri until 12:00", "Tue 13:00 to 17:00"]


def test_neighbouring_half_days_are_one_day_and_neighbouring_days_a_range() -> None:
    halves = [window(day, *span) for day in range(5) for span in ((0, 720), (720, 1440))]
    assert words.availability(halves) == ["Mon to Fri all day"]


def test_two_stretches_of_a_day_are_both_said() -> None:
    assert words.availability([window(3, 480, 600), window(3, 900, 1440)]) == [
        "Thu 08:00 to 10:00 and from 15:00"
    ]


@pytest.mark.parametrize(
    ("first", "last", "minutes", "note", "said"),
    [
        (date(2026, 8, 3), date(2026, 8, 9), None, "Travelling", "3 Aug to 9 Aug 2026: Travelling"),
        (date(2026, 8, 3), date(2026, 8, 3), (480, 720), "", "3 Aug 2026, 08:00 to 12:00"),
        (
            date(2026, 12, 30),
            date(2027, 1, 2),
            (480, 720),
            "",
            "30 Dec 2026 to 2 Jan 2027, 08:00 to 12:00 each day",
        ),
    ],
)
def test_days_away_are_said_with_their_hours_and_note(
    first: date, last: date, minutes: tuple[int, int] | None, note: str, said: str
) -> None:
    start, end = minutes or (None, None)
    row = Blackout(first_day=first, last_day=last, from_minute=start, to_minute=end, note=note)
    assert words.blackout(row) == said


@pytest.mark.parametrize(
    ("offset", "said"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (4, "in 4 days"), (-9, "9 days ago")],
)
def test_a_day_is_near_or_counted(offset: int, said: str) -> None:
    assert words.relative_day(TODAY + timedelta(days=offset), TODAY) == said


@pytest.mark.parametrize(("minutes", "said"), [(0, "0 min"), (12, "12 min"), (60, "1 h"), (125, "2 h 5 min")])
def test_a_stretch_of_time_is_said_in_hours_and_minutes(minutes: int, said: str) -> None:
    assert words.lasting(timedelta(minutes=minutes)) == said


def test_a_moment_says_its_day_only_where_it_is_another() -> None:
    at = datetime(2026, 11, 2, 10, 42, tzinfo=UTC)
    assert words.when(at, TODAY) == "10:42"
    assert words.when(at, date(2026, 1, 1)) == "2 Nov, 10:42"
    assert words.when(at, date(2027, 1, 1)) == "2 Nov 2026, 10:42"


def test_what_is_missing_comes_before_what_is_due() -> None:
    both = [Lack(TimePoint.PRE, is_over=True), Lack(TimePoint.POST_2H, is_over=False)]
    assert words.lacking(both) == "Rating before is missing. Rating 2 hours after is due."
    assert words.lacking(Lack(point, is_over=True) for point in AT_VISIT) == (
        "Ratings before and 2 hours after are missing."
    )
    assert words.lacking([]) == ""

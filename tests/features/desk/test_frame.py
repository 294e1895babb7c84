"""The slots that a day is drawn in."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.desk.frame import MOST_HOURS, SLOT, Frame, frame_of, span_on

ZONE = ZoneInfo("America/New_York")
BACK, FORWARD = date(2026, 11, 1), date(2026, 3, 8)
Spans = st.lists(
    st.tuples(st.integers(0, 1430), st.integers(1, 600)).map(lambda p: (p[0], min(1440, p[0] + p[1])))
)


def test_a_visit_from_half_past_nine_stands_in_slot_ten_of_a_day_drawn_from_eight() -> None:
    assert Frame(8, 10).place(570, 690) == (10, 12)


def test_a_day_is_drawn_in_whole_hours_around_hours_and_visits() -> None:
    assert frame_of([(480, 1080), (1050, 1170)]) == Frame(8, 12)
    assert frame_of([]) == Frame(8, 10)


def test_what_lies_outside_the_hours_drawn_has_no_place() -> None:
    assert Frame(8, 10).place(0, 480) is None
    assert Frame(8, 10).place(0, 1440) == (1, 60)
    assert Frame(8, 10).slot_of(1080) is None
    assert Frame(8, 10).slot_of(642) == 16.2


@given(Spans)
def test_every_span_has_a_place_that_the_stylesheet_knows(spans: list[tuple[int, int]]) -> None:
    frame = frame_of(spans)
    assert 1 <= frame.hours <= MOST_HOURS
    for start, end in spans:
        place = frame.place(start, end)
        if place is None:
            assert start >= frame.to_minute
        else:
            at, length = place
            assert at >= 1
            assert length >= 1
            assert at + length - 1 <= frame.slots <= 108


@given(st.sampled_from([BACK, FORWARD]), st.integers(0, 22 * 6), st.integers(1, 18))
def test_a_visit_over_a_clock_change_begins_where_its_clock_says(day: date, slot: int, slots: int) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)
    start = (midnight + timedelta(minutes=slot * SLOT)).astimezone(ZONE)
    end = (midnight + timedelta(minutes=(slot + slots) * SLOT)).astimezone(ZONE)
    low, high = span_on(day, start, end)
    assert low == (start.hour * 60 + start.minute if start.date() == day else 1440) or start.date() > day
    assert low < high or low == 1440
    if start.utcoffset() == end.utcoffset() and end.date() == day:
        assert high - low == slots * SLOT


def test_a_visit_within_the_hour_that_happens_twice_still_has_a_slot() -> None:
    start = datetime(2026, 11, 1, 1, 30, tzinfo=ZONE)
    end = (start.astimezone(UTC) + timedelta(minutes=60)).astimezone(ZONE)
    assert f"{start:%H:%M}" == f"{end:%H:%M}"
    assert span_on(BACK, start, end) == (90, 100)

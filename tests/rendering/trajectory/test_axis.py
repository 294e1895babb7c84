"""The line of time: its order is kept, infusions have room, and what is drawn closer is marked."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering.trajectory.axis import axis
from scheduler.rendering.trajectory.labels import fitting, lanes, spread

START = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
GAPS = st.lists(st.integers(1, 40), max_size=8)


@settings(max_examples=50)
@given(GAPS, st.integers(0, 60), st.integers(0, 90))
def test_what_comes_later_stands_further_right_and_within_the_line(
    gaps: list[int], lead: int, tail: int
) -> None:
    visits = [START]
    for gap in gaps:
        visits.append(visits[-1] + DAY * gap)
    first, last = START - DAY * lead, visits[-1] + DAY * tail
    line = axis(first, visits, last, 100, 700)
    every = [line.x(first + DAY * at / 2) for at in range(2 * (last - first).days + 1)]
    assert all(b > a for a, b in pairwise(every))
    assert all(100 <= x <= 700 for x in every)
    assert all(line.x(first) <= x <= line.x(last) for x in line.breaks)


def test_the_weeks_after_and_the_time_before_are_drawn_closer_and_marked() -> None:
    visits = [START + DAY * day for day in (0, 2, 4, 7, 10, 14)]
    line = axis(START - DAY * 30, visits, visits[-1] + DAY * 56, 0, 600)
    a_day = (line.x(visits[1]) - line.x(visits[0])) / 2
    assert line.x(visits[0]) <= 3 * a_day + 1
    assert line.x(visits[-1]) >= 600 / 2
    assert len(line.breaks) == 2
    assert axis(visits[0], visits, visits[-1], 0, 600).breaks == ()


@settings(max_examples=50)
@given(st.lists(st.integers(0, 300), max_size=6).map(sorted))
def test_words_beside_lines_keep_their_order_and_never_meet(wished: list[int]) -> None:
    assert spread([40, 45, 120], 13, 320) == [40, 53, 120]
    places = spread(wished, 13, 320)
    assert all(b - a >= 12.9 for a, b in pairwise(places))
    assert all(place <= 320 for place in places)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(5, 90)), max_size=12).map(sorted))
def test_nothing_is_written_over_something_else(marks: list[tuple[int, int]]) -> None:
    spans = [(float(left), float(left + wide)) for left, wide in marks]
    rows = lanes(spans, 3)
    for row in range(3):
        mine = [span for span, at in zip(spans, rows, strict=True) if at == row]
        assert all(a[1] < b[0] for a, b in pairwise(mine))
    shown = fitting([left for left, _ in marks], [wide for _, wide in marks])
    written = [
        (left - wide / 2, left + wide / 2) for (left, wide), at in zip(marks, shown, strict=True) if at
    ]
    assert all(a[1] < b[0] for a, b in pairwise(written))
    assert not marks or shown[-1]

"""A set of dates as text: what we write we read back, and nothing else is read."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.errors import RuleError
from scheduler.features.courses.order import CourseOrder, Visit, decode, encode

STARTS = st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31)).map(  # noqa: DTZ001 - wall time
    lambda at: at.replace(second=0, microsecond=0)
)
PLACES = st.lists(st.tuples(st.integers(1, 999_999_999), STARTS), min_size=1, max_size=24)
SETS = PLACES.map(lambda places: tuple(Visit(n, *place) for n, place in enumerate(places, 1)))
DIGITS = st.text("0123456789@T~- ٣", max_size=60)


@given(SETS)
def test_what_is_written_is_read_back(visits: tuple[Visit, ...]) -> None:
    assert decode(encode(visits)) == visits


@given(st.text() | DIGITS | SETS.map(encode).flatmap(lambda text: st.just(text) | st.just(text + "~")))
@example("")
@example("1@20261109T2460")
@example("1@20260230T0930")
@example("0@20261109T0930")
@example("01@20261109T0930")
@example("1@09991109T0930")
@example("1@99991231T2359")
@example("٣@20261109T0930")
@example("1@2026110٩T0930")
@example("~".join(["1@20261109T0930"] * 25))
@example("1@20261109T0930\n")
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with suppress(RuleError):
        assert encode(decode(text)) == text


@pytest.mark.parametrize(
    "text", ["", "~", "1@20261109T0930~", "chair 1", "1@20261309T0930", "1@2026-11-09T09:30"]
)
def test_a_set_that_is_not_ours_says_what_to_do(text: str) -> None:
    with pytest.raises(RuleError, match="Choose one from the page again"):
        decode(text)


def test_the_digest_tells_orders_apart_but_not_the_page_they_came_from() -> None:
    visits = decode("1@20261109T0930")
    order = CourseOrder(1, 1, 1, visits, {"weekly": {}}, "key-a")
    assert order.digest() == CourseOrder(1, 1, 1, visits, {"weekly": {}}, "key-b").digest()
    others = [
        CourseOrder(2, 1, 1, visits, {"weekly": {}}, "key-a"),
        CourseOrder(1, 2, 1, visits, {"weekly": {}}, "key-a"),
        CourseOrder(1, 1, 2, visits, {"weekly": {}}, "key-a"),
        CourseOrder(1, 1, 1, decode("2@20261109T0930"), {"weekly": {}}, "key-a"),
        CourseOrder(1, 1, 1, visits, {"weekly": {"0": [[0, 720]]}}, "key-a"),
        CourseOrder(1, 1, 1, visits, {"weekly": {}}, "key-a", bend="gap_max+1"),
    ]
    assert len({order.digest(), *(other.digest() for other in others)}) == 7

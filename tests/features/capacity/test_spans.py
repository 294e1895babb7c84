"""Hours as people write them."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import RuleError
from scheduler.features.capacity.spans import parse_spans, spans_text

MORNING, AFTERNOON = (480, 720), (780, 1080)


@pytest.mark.parametrize(
    "text",
    [
        "8-12, 13-18",
        "08:00 - 12:00; 13:00–18:00",
        "8 to 12 and 13 to 18",
        "8am-12pm, 1pm-6pm",
        "13-18,8.00-12h",
    ],
)
def test_hours_are_read_however_they_are_written(text: str) -> None:
    assert parse_spans(text) == (MORNING, AFTERNOON)


@pytest.mark.parametrize("text", ["", "  ", "Closed", "off", "–"])
def test_an_empty_day_is_a_closed_day(text: str) -> None:
    assert parse_spans(text) == ()


def test_stretches_that_touch_are_one_and_midnight_ends_a_day() -> None:
    assert parse_spans("8-12,12-16") == ((480, 960),)
    assert parse_spans("22-0") == parse_spans("22-24") == ((1320, 1440),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8-12, 11-14", "11:00 lies inside the stretch before it"),
        ("12-8", "12:00 to 08:00 ends before it begins"),
        ("8-12:05", "12:05 is not on a whole ten minutes"),
        ("8-25", "“25” is not a time of day"),
        ("8-12-14", "is not from one time to another"),
        ("mornings", "is not from one time to another"),
        ("13pm-14", "is not a time of day"),
        ("٣-5", "is not a time of day"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        parse_spans(text)


@given(st.sets(st.integers(0, 144), max_size=8).map(sorted))
def test_what_is_shown_is_read_back(edges: list[int]) -> None:
    spans = tuple((a * 10, b * 10) for a, b in zip(edges[::2], edges[1::2], strict=False))
    assert parse_spans(spans_text(spans)) == spans


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    with suppress(RuleError):
        assert all(0 <= start < end <= 1440 for start, end in parse_spans(text))

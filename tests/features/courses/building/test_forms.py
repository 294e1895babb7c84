"""The build page's form: everything is read or named with one sentence, and what was typed is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from scheduler.errors import RuleError
from scheduler.features.courses.building.forms import parse_book, parse_build

TODAY = date(2026, 11, 2)
GOOD = {"patient": "3", "protocol": "2", "from": "2026-11-09", "until": "2026-11-16", "can": "0a"}
NAMES = (
    "patient", "protocol", "from", "until", "can", "site", "pa", "pb", "set", "change", "wish_day",
    "wish_time", "there", "bend",
)  # fmt: skip
VALUES = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "1",
        "0a",
        "6p",
        "9999-12-31",
        "0001-01-01",
        "2026-W46-1",
        "24:00",
        "25:00",
        "9",
        "0930",
        "-1",
        "٣",
        "9" * 40,
    ]
)


def read(**changes: str) -> "tuple[dict[str, str], object]":
    """The errors and the form for the good request with these changes."""
    form = parse_build(MultiDict({**GOOD, **changes}), TODAY)
    return dict(form.errors), form


def test_the_first_visit_to_the_page_asks_for_nothing() -> None:
    form = parse_build(MultiDict({"patient": "3"}), TODAY)
    assert (form.first, form.until, form.ticks) == (date(2026, 11, 3), date(2026, 11, 10), None)
    assert not form.errors


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"from": "2026-02-30"}, "from", "There is no such date"),
        ({"from": "9 November"}, "from", "year-month-day"),
        ({"until": "2026-13-01"}, "until", "There is no such date"),
        ({"from": "2026-11-01"}, "from", "can't lie in the past"),
        ({"from": "0001-01-01"}, "from", "can't lie in the past"),
        ({"from": "2027-11-03", "until": "2027-11-04"}, "from", "one year ahead"),
        ({"from": "9999-12-31", "until": ""}, "from", "one year ahead"),
        ({"until": "2026-11-08"}, "until", "comes before the first one"),
        ({"until": "2027-01-09"}, "until", "60 days at a time"),
        ({"until": "9999-12-31"}, "until", "60 days at a time"),
        ({"can": "7a"}, "can", "Tick at least one half-day"),
        ({"can": ""}, "can", "Tick at least one half-day"),
        ({"pa": "25:00"}, "pa", "such as 09:30"),
        ({"pb": "morning"}, "pb", "such as 09:30"),
        ({"pa": "9:75"}, "pa", "such as 09:30"),
        ({"pa": "13:00", "pb": "9"}, "pb", "Turn them round"),
        ({"pa": "24:00"}, "pb", "Turn them round"),
        ({"bend": "gap_max+9"}, "bend", "no such exception"),
    ],
)
def test_what_cannot_be_is_named_and_kept(changes: dict[str, str], field: str, says: str) -> None:
    errors, form = read(**changes)
    assert list(errors) == [field]
    assert says in errors[field]
    assert {**form.typed, **changes} == form.typed  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("9", "12", (540, 720)),
        ("0930", "1200", (570, 720)),
        ("930", "12.00", (570, 720)),
        ("9h30", "24:00", (570, 1440)),
        ("", "12:00", (0, 720)),
        ("00:00", "", (0, 1439)),
        (" 9:30 ", "9:30", (570, 570)),
        ("", "", None),
    ],
)
def test_times_are_read_as_people_write_them(start: str, end: str, minutes: "tuple[int, int] | None") -> None:
    errors, form = read(pa=start, pb=end)
    assert errors == {}
    assert form.preferred == minutes  # type: ignore[attr-defined]


@pytest.mark.parametrize(("first", "until"), [("2026-11-02", "2026-11-02"), ("2027-11-02", "2028-01-01")])
def test_the_bounds_themselves_are_allowed(first: str, until: str) -> None:
    assert read(**{"from": first, "until": until})[0] == {}


@pytest.mark.parametrize(
    ("day", "time", "says"),
    [
        ("2026-02-30", "09:30", "There is no such date"),
        ("2026-11-12", "", "such as 09:30"),
        ("2026-11-12", "24:00", "such as 09:30"),
        ("", "09:30", "Write the day too"),
    ],
)
def test_a_wish_that_cannot_be_read_leaves_the_search_alone(day: str, time: str, says: str) -> None:
    errors, form = read(wish_day=day, wish_time=time)
    assert errors == {}
    assert says in form.wish_error  # type: ignore[attr-defined]


@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=20))
def test_nothing_that_is_sent_raises(fields: list[tuple[str, str]]) -> None:
    form = parse_build(MultiDict(fields), TODAY)
    if not form.errors:
        assert TODAY <= form.first <= form.until <= form.first + timedelta(days=60)
    assert form.typed == dict(reversed(fields))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"proposal": "p2"}, "Choose one of the sets of dates first"),
        ({"proposal": ""}, "Choose one of the sets of dates first"),
        ({"set-p1": "1@20261109T2530"}, "could not be read"),
        ({"key": ""}, "has lost its number"),
        ({"key": "short"}, "has lost its number"),
        ({"key": "k" * 65}, "has lost its number"),
    ],
)
def test_a_booking_that_is_not_ours_is_refused(changes: dict[str, str], says: str) -> None:
    good = {"proposal": "p1", "set-p1": "1@20261109T0930", "key": "k" * 16}
    assert parse_book(MultiDict(good)).visits[0].chair_id == 1
    with pytest.raises(RuleError, match=says):
        parse_book(MultiDict({**good, **changes}))

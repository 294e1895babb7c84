"""Reading the form at the chair."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.features.ratings.entry import Place
from scheduler.features.ratings.forms import RatingForm, read_answers
from scheduler.features.ratings.forms import read_rating as read
from scheduler.features.ratings.instruments import GAD7
from scheduler.features.ratings.occasions import Slot
from scheduler.models import TimePoint

NEW_YORK = Place(1, 1, ZoneInfo("America/New_York"), "es")
GOOD = {"time_point": "pre", "value": "7", "rated_day": "2026-11-02", "rated_time": "09:55", "replaces": ""}


def read_rating(values: dict[str, str], place: Place) -> RatingForm:
    return read(values, place, 5)


def test_the_time_is_the_wall_clock_of_the_site() -> None:
    form = read_rating(GOOD, NEW_YORK)
    assert form.errors == {}
    assert form.entry is not None
    assert form.entry.rated_at == datetime(2026, 11, 2, 14, 55, tzinfo=UTC)
    assert (form.entry.slot, form.entry.answers) == (Slot(TimePoint.PRE, 5), (7,))
    assert (form.entry.replaces, form.entry.language) == (None, "es")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("value", ""),
        ("value", "7.5"),
        ("value", "seven"),
        ("time_point", "day_1"),
        ("rated_day", "2026-02-30"),
        ("rated_day", "0026-11-02"),
        ("rated_time", "25:00"),
        ("reason", "x" * 301),
        ("reason", "two\nlines"),
        ("reason", "a\u2028b"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence_at_its_field_and_stays_typed(field: str, text: str) -> None:
    form = read_rating({**GOOD, field: text}, NEW_YORK)
    assert list(form.errors) == [field]
    assert form.entry is None
    assert form.typed[field] == text


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    form = read_rating({**GOOD, "rated_day": "2026-03-08", "rated_time": "02:30"}, NEW_YORK)
    assert "did not exist" in form.errors["rated_time"]


def test_a_time_that_happens_twice_is_asked_about() -> None:
    twice = {**GOOD, "rated_day": "2026-11-01", "rated_time": "01:30"}
    form = read_rating(twice, NEW_YORK)
    assert form.twice
    assert "happened twice" in form.errors["which"]
    first, second = (read_rating({**twice, "which": which}, NEW_YORK).entry for which in ("first", "second"))
    assert first is not None
    assert second is not None
    assert first.rated_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert second.rated_at == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@given(st.dictionaries(st.sampled_from([*GOOD, "which", "reason"]), st.text(max_size=30)))
def test_no_input_breaks_the_form(values: dict[str, str]) -> None:
    form = read_rating({**GOOD, **values}, NEW_YORK)
    assert (form.entry is None) == bool(form.errors)


def test_a_question_that_was_left_out_is_none_and_an_answer_out_of_range_is_refused_at_it() -> None:
    typed = {**GOOD, **{f"a{at}": "1" for at in range(7)}, "a3": ""}
    form = read_answers(typed, NEW_YORK, Slot(TimePoint.BASELINE), GAD7)
    assert form.entry is not None
    assert form.entry.answers == (1, 1, 1, None, 1, 1, 1)
    wrong = read_answers({**typed, "a3": "4"}, NEW_YORK, Slot(TimePoint.BASELINE), GAD7)
    assert list(wrong.errors) == ["a3"]
    assert "from 0 to 3" in wrong.errors["a3"]

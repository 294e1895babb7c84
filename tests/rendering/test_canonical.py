"""One way to write facts down: the same facts are the same bytes, and the bytes give the facts back."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering.canonical import canonical_bytes, plain, text_of, text_of_list, text_of_parts

LEAVES = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
DATA = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abä\n", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
FACTS = st.dictionaries(st.text("abä\n", max_size=3), DATA, max_size=4)


def turned(value: Any) -> Any:
    """The same facts, written down in another order."""
    if isinstance(value, dict):
        return {key: turned(each) for key, each in reversed(value.items())}
    return [turned(each) for each in value] if isinstance(value, list) else value


@settings(max_examples=50, deadline=None)
@given(FACTS)
def test_the_same_facts_in_any_order_are_the_same_bytes_and_the_bytes_give_them_back(facts: Any) -> None:
    body = canonical_bytes(facts)
    assert canonical_bytes(turned(facts)) == body
    assert json.loads(body) == facts
    assert canonical_bytes(json.loads(body)) == body


@settings(max_examples=50, deadline=None)
@given(FACTS, st.lists(DATA, max_size=3))
def test_written_in_parts_facts_are_the_same_bytes(facts: Any, several: Any) -> None:
    parts = {key: text_of(value) for key, value in turned(facts).items()}
    parts["visits"] = text_of_list(map(text_of, several))
    assert text_of_parts(parts).encode() == canonical_bytes({**facts, "visits": several})


@pytest.mark.parametrize("value", [0.5, float("nan"), {1: "a"}, (1, 2), object(), b"a", {"a": {"b": 1.0}}])
def test_what_can_be_written_in_several_ways_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"value": value})


def test_half_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical_bytes({"name": "\ud800"})


def test_an_instant_is_the_same_text_in_whatever_zone_it_was_read() -> None:
    noon = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert plain(noon) == plain(noon.astimezone(timezone(timedelta(hours=-5)))) == "2026-11-01T06:30:00Z"
    with pytest.raises(TypeError):
        plain(noon.replace(tzinfo=None))

"""The drawing: instruments apart, gaps left open, everything inside its frame and in attributes."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering.trajectory import (
    NARROW,
    WIDE,
    Band,
    Event,
    Line,
    Medicine,
    Pair,
    Past,
    PastPoint,
    Point,
    Track,
    TrajectoryFacts,
    Visit,
    describe,
    trajectory_svg,
    without_past,
)

SVG = "{http://www.w3.org/2000/svg}"
DAY = timedelta(days=1)
START = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
VISITS = [Visit(number, START + DAY * 2 * (number - 1), 35, "35 mg") for number in range(1, 5)]
PAST = Past(
    [PastPoint(START - DAY, 13, 17, 31), PastPoint(VISITS[3].at, 9, 14, 12)], "Middle half of 12 to 31"
)
GAD = Track(
    "GAD-7",
    "last two weeks",
    21,
    bands=[Band(0, 9, "mild"), Band(10, 21, "severe")],
    points=[
        Point(START - DAY, 17),
        Point(VISITS[1].at, None),
        Point(VISITS[2].at, 12),
        Point(VISITS[3].at, 8),
    ],
    lines=[Line(8, "response")],
    past=PAST,
    is_primary=True,
)
NOW = Track(
    "Anxiety now",
    "",
    10,
    pairs=[
        Pair(VISITS[0].at, 1, 8, 5),
        Pair(VISITS[1].at, 2, 6, None, post_missing=True),
        Pair(VISITS[2].at, 3, 3, 0),
    ],
)
FACTS = TrajectoryFacts(
    [GAD, NOW], VISITS, [Event(VISITS[1].at, "Nausea", 2)], [Medicine("Sertraline 100 mg")]
)


def drawn(facts: TrajectoryFacts, width: int = WIDE) -> ET.Element:
    return ET.fromstring(trajectory_svg(facts, width))  # noqa: S314 - our own drawing


def marked(root: ET.Element, tag: str, name: str) -> list[ET.Element]:
    return [found for found in root.iter(SVG + tag) if found.get("class") == name]


def spots(line: ET.Element) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (spot.split(",") for spot in (line.get("points") or "").split())]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_line_joins_two_instruments_two_pairs_or_the_ends_of_a_gap(width: int) -> None:
    lines = [spots(line) for line in marked(drawn(FACTS, width), "polyline", "ser")]
    assert [len(line) for line in lines] == [2, 2, 2]  # 12 to 8, and two whole pairs; 17 stands alone.
    heights = [sorted(y for _, y in line) for line in lines]
    assert all(highest[1] < lowest[0] for highest in heights[:1] for lowest in heights[1:])


def test_a_higher_total_stands_higher_and_0_is_a_total() -> None:
    root = drawn(TrajectoryFacts([Track("A", "", 10, pairs=[Pair(START, 1, 10, 0)])], VISITS[:1]))
    ((_, high), (_, low)) = spots(marked(root, "polyline", "ser")[0])
    assert high < low
    assert [one.text for one in root.iter(SVG + "text")].count("0") == 2  # The axis, and the dot.


def test_what_was_not_given_is_asked_for_and_what_is_to_come_is_left_open() -> None:
    assert [one.text for one in marked(drawn(FACTS), "text", "misst")] == ["?"]
    to_come = TrajectoryFacts([Track("A", "", 10, pairs=[Pair(START, 1, 5, None)])], VISITS[:1])
    assert not marked(drawn(to_come), "text", "misst")


def test_past_courses_are_named_with_their_number_and_can_be_left_out_of_a_record() -> None:
    assert len(marked(drawn(FACTS), "polygon", "past")) == 1
    assert "Middle half of 12 to 31" in [one.text for one in drawn(FACTS).iter(SVG + "text")]
    alone = drawn(without_past(FACTS))
    assert not [one for one in alone.iter() if one.get("class") == "past"]
    assert len(marked(alone, "polyline", "ser")) == 3


def test_the_sentence_states_every_instrument_and_praises_nothing() -> None:
    assert describe(FACTS) == (
        "GAD-7: 17 on 19 Apr, 12 on 24 Apr, 8 on 26 Apr. "
        "Anxiety now, before and 2 hours after: of 2 infusions with both ratings it fell in 2. "
        "All values are in the table below."
    )
    title = drawn(FACTS).find(SVG + "title")
    assert title is not None
    assert (title.text, drawn(FACTS).get("aria-labelledby")) == (describe(FACTS), title.get("id"))
    assert describe(TrajectoryFacts([], VISITS)) == "No ratings yet."


totals = st.none() | st.integers(0, 21)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 30), totals, totals, st.booleans()), max_size=12),
    st.lists(st.tuples(st.integers(-20, 300), st.text(min_size=1, max_size=40)), max_size=9),
    st.sampled_from([WIDE, NARROW]),
)
def test_every_course_fits_its_frame_and_keeps_to_attributes(
    visits: list[tuple[int, int | None, int | None, bool]], beside: list[tuple[int, str]], width: int
) -> None:
    at, pairs = START, []
    for number, (gap, pre, post, missing) in enumerate(visits, 1):
        at += DAY * gap
        pairs.append(Pair(at, number, pre, post, pre is None and missing, post is None and missing))
    words = [
        (START + DAY * day, "".join(sign for sign in term if sign.isprintable())) for day, term in beside
    ]
    facts = TrajectoryFacts(
        [
            Track("A", "", 21, pairs=pairs),
            Track("B", "now", 21, points=[Point(pair.at, pair.pre) for pair in pairs], missing=[START]),
        ],
        [Visit(pair.number, pair.at, pair.pre, "9.75 mg") for pair in pairs],
        [Event(when, term, 1) for when, term in words],
        [Medicine(term, when, once=True) for when, term in words] + [Medicine(term) for _, term in words],
    )
    root = drawn(facts, width)
    _, _, wide, high = map(float, (root.get("viewBox") or "").split())
    for found in root.iter():
        assert "style" not in found.attrib
        assert all(0 <= float(found.get(name, 0)) <= wide for name in ("x1", "x2", "cx"))
        assert all(-1 <= float(found.get(name, 0)) <= high for name in ("y", "y1", "y2", "cy"))


def test_a_course_without_a_visit_and_a_rating_is_drawn() -> None:
    bare = TrajectoryFacts([], [], medicines=[Medicine("Sertraline 100 mg", START - DAY)])
    assert "No ratings yet" in [one.text for one in drawn(bare).iter(SVG + "text")]


def test_a_drawing_without_the_chart_says_nothing_of_doses_and_events() -> None:
    words = [one.text or "" for one in drawn(replace(FACTS, has_chart=False)).iter(SVG + "text")]
    assert not [word for word in words if word.startswith(("Dose", "Adverse", "none", "Medicines"))]


def test_the_same_course_is_the_same_bytes() -> None:
    assert trajectory_svg(FACTS) == trajectory_svg(FACTS)

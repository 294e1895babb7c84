"""The trajectory: pairs are joined, nothing else is, and what is missing says so."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.rendering.svg import NARROW, WIDE, Point, Row, Trajectory, describe, rows, trajectory_svg

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 4, 20)
MOCK = Trajectory(
    [
        Point(1, DAY, 8, 5),
        Point(2, DAY + timedelta(days=2), 7, 4),
        Point(5, DAY + timedelta(days=10), 6, None),
        Point(6, DAY + timedelta(days=14), None, None, pre_due=False, post_due=False),
    ]
)


def drawn(trajectory: Trajectory, width: int = WIDE) -> ET.Element:
    return ET.fromstring(trajectory_svg(trajectory, width))  # noqa: S314 - our own drawing


def marked(root: ET.Element, tag: str, name: str) -> list[ET.Element]:
    return [found for found in root.iter(SVG + tag) if found.get("class") == name]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_each_pair_is_joined_and_no_pair_to_another(width: int) -> None:
    root = drawn(MOCK, width)
    lines = marked(root, "line", "ser")
    hollow = [(one.get("cx"), one.get("cy")) for one in marked(root, "circle", "hollow")]
    filled = [(one.get("cx"), one.get("cy")) for one in marked(root, "circle", "fill")]
    ends = [((line.get("x1"), line.get("y1")), (line.get("x2"), line.get("y2"))) for line in lines]
    assert len(ends) == 2
    assert all(start in hollow and end in filled for start, end in ends)
    assert not list(root.iter(SVG + "polyline"))


def test_a_score_that_was_not_given_is_marked_and_one_to_come_is_not() -> None:
    root = drawn(MOCK)
    assert [found.text for found in marked(root, "text", "misst")] == ["?", "not given"]
    assert len(marked(root, "line", "miss")) == 1


def test_a_higher_score_stands_higher() -> None:
    root = drawn(Trajectory([Point(1, DAY, 10, 0)]))
    (pre,), post = marked(root, "circle", "hollow")[1:], marked(root, "circle", "fill")[1]
    ticks = {
        found.text: float(found.get("y", 0)) - 4
        for found in root.iter(SVG + "text")
        if found.text in {"0", "10"}
    }
    assert float(pre.get("cy", 0)) < float(post.get("cy", 0))
    assert ticks


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_drawing_has_words_for_who_cannot_see_it(width: int) -> None:
    root = drawn(MOCK, width)
    title, details = root.find(SVG + "title"), root.find(SVG + "desc")
    assert title is not None and details is not None
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), details.get("id"))
    assert title.text == describe(MOCK)
    assert "no. 5, 30 Apr: before 6, 2 hours after not given" in (details.text or "")
    assert "no. 6, 4 May: before not due yet" in (details.text or "")


def test_the_sentence_states_and_the_table_holds_every_value() -> None:
    assert describe(MOCK) == (
        "Anxiety now, before and 2 hours after: it fell in 2 of the 2 infusions that have both ratings. "
        "All values are in the table below."
    )
    assert rows(MOCK)[0] == Row("20 Apr", 1, "8", "5")
    assert rows(MOCK)[2:] == (Row("30 Apr", 5, "6", "not given"), Row("4 May", 6, "", ""))


def test_without_any_rating_the_drawing_says_so() -> None:
    empty = Trajectory([Point(1, DAY, None, None, pre_due=False, post_due=False)])
    assert "No ratings yet" in [found.text for found in drawn(empty).iter(SVG + "text")]
    assert describe(empty) == "Anxiety now: no ratings yet."
    assert drawn(Trajectory([])) is not None


scores = st.one_of(st.none(), st.integers(0, 10))
POINTS = st.lists(st.tuples(st.integers(1, 9), scores, scores, st.booleans()), max_size=6)


@given(POINTS, st.sampled_from([WIDE, NARROW]))
@settings(max_examples=80, deadline=None)
def test_every_trajectory_fits_its_frame_and_keeps_to_attributes(
    points: list[tuple[int, int | None, int | None, bool]], width: int
) -> None:
    day, made = DAY, []
    for number, (gap, pre, post, due) in enumerate(points, 1):
        day += timedelta(days=gap)
        made.append(Point(number, day, pre, post, due, due))
    text = trajectory_svg(Trajectory(made), width)
    root = ET.fromstring(text)  # noqa: S314
    _, _, wide, high = map(float, (root.get("viewBox") or "").split())
    for found in root.iter():
        assert "style" not in found.attrib
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(found.get(name, 0)) <= wide
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(found.get(name, 0)) <= high
    centres = sorted(
        float(line.get("x1", 0)) for line in marked(root, "line", "grid") if line.get("x1") == line.get("x2")
    )
    assert len(centres) == len(made)
    assert all(b - a >= 24 for a, b in pairwise(centres))


def test_the_same_scores_draw_the_same_bytes() -> None:
    assert trajectory_svg(MOCK) == trajectory_svg(MOCK)


def test_a_score_of_0_is_a_score() -> None:
    zero = Trajectory([Point(1, DAY, 3, 0)])
    assert rows(zero)[0].post_2h == "0"
    assert len(marked(drawn(zero), "line", "ser")) == 1
    assert not zero.is_empty

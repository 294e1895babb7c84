"""Drawings that are kept: a course is drawn again when anything in it is another, and only then."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.rendering.trajectory import (
    NARROW,
    WIDE,
    Point,
    Track,
    TrajectoryFacts,
    Visit,
    kept,
    kept_svg,
    trajectory_svg,
)

BOSTON = ZoneInfo("America/New_York")
AT = datetime(2026, 11, 1, 1, 30, tzinfo=BOSTON)
FACTS = TrajectoryFacts(
    [Track("GAD-7", "last two weeks", 21, points=[Point(AT, 9)])], [Visit(1, AT, 35.0, "35 mg")]
)


def test_a_course_is_drawn_once_for_each_width_and_title() -> None:
    assert kept_svg(FACTS, WIDE) is kept_svg(FACTS, WIDE)
    for width, ident in ((WIDE, "traj"), (NARROW, "traj"), (WIDE, "tasks")):
        assert kept_svg(FACTS, width, ident) == trajectory_svg(FACTS, width, ident)


def test_the_hour_that_comes_twice_is_two_drawings() -> None:
    second = replace(FACTS, visits=[replace(FACTS.visits[0], at=AT.replace(fold=1))])
    assert second == FACTS  # Python tells the two hours of one zone apart by `fold` alone.
    assert kept_svg(FACTS, WIDE) is not kept_svg(second, WIDE)


def test_no_more_drawings_are_kept_than_were_said() -> None:
    first = kept_svg(FACTS, WIDE)
    for total in range(kept.DRAWINGS):
        kept_svg(replace(FACTS, visits=[replace(FACTS.visits[0], number=total + 2)]), WIDE)
    assert kept_svg(FACTS, WIDE) is not first

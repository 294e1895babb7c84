"""Shares, their intervals, and what is held back."""

import numpy as np
import pytest

from scheduler.features.reports.outcomes.cells import is_safe, joined, put_together
from scheduler.features.reports.outcomes.interval import Line, wilson


# Newcombe 1998, table I, method 3, and the two ends.
@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=0.00005)


def test_a_share_of_everybody_reaches_100_per_cent_and_no_further() -> None:
    assert wilson(29, 29)[1] == 1.0
    assert Line("Response", 0, 0).percent is None


def test_people_are_counted_not_their_courses() -> None:
    people = np.array([1, 1, 1, 1, 1, 2])
    assert not is_safe(people, np.ones(6, bool))
    assert is_safe(people, np.zeros(6, bool))


@pytest.mark.parametrize(
    ("sizes", "lines"),
    [
        ([6, 7, 9], [(0, 0), (1, 1), (2, 2)]),
        ([2, 0, 10, 5], [(0, 2), (3, 3)]),
        ([8, 0, 3], [(0, 2)]),
        ([5, 6, 1], [(0, 0), (1, 2)]),
        ([2, 1], []),
        ([0, 6, 0], [(0, 0), (1, 1), (2, 2)]),
    ],
)
def test_neighbours_are_put_together_until_each_line_is_large_enough(
    sizes: list[int], lines: list[tuple[int, int]]
) -> None:
    which = np.repeat(np.arange(len(sizes)), sizes)
    people = np.arange(len(which))
    groups = [which == at for at in range(len(sizes))]
    found = put_together(groups, lambda group: is_safe(people, group))
    assert found == lines
    assert all(joined(groups, *pair).sum() in (0, *range(5, 30)) for pair in found)

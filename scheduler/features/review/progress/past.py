"""Past courses of the clinic beside this one: the middle half of their totals at the same occasion.

A person is never recognisable in it and no chance passes for a pattern: an occasion at which fewer than ten
courses were rated is left out, and the number is said. It is no forecast and no yardstick, for nobody chose
those courses to be alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduler.models import TimePoint
from scheduler.rendering.trajectory import Past, PastPoint

FEWEST = 10
PastOccasion = tuple[TimePoint, int, int]
"""A time point with the number of its infusion and its week, 0 where it has none."""


@dataclass(frozen=True)
class Middle:
    """The totals between which the middle half of `n` courses stood."""

    low: int
    high: int
    n: int


def middles(rows: Iterable[tuple[PastOccasion, int, int]]) -> dict[PastOccasion, Middle]:
    """From an occasion, a total, and how many courses had it; occasions with too few are left out."""
    counts: dict[PastOccasion, list[tuple[int, int]]] = defaultdict(list)
    for occasion, total, count in rows:
        counts[occasion].append((total, count))
    found = {}
    for occasion, pairs in counts.items():
        n = sum(count for _, count in pairs)
        if n >= FEWEST:
            pairs.sort()
            found[occasion] = Middle(_rank(pairs, -(-n // 4)), _rank(pairs, -(-3 * n // 4)), n)
    return found


def _rank(pairs: list[tuple[int, int]], rank: int) -> int:
    """The total at a rank, counted from 1 in rising order."""
    seen = 0
    for total, count in pairs:
        seen += count
        if seen >= rank:
            return total
    return pairs[-1][0]


def beside(found: Mapping[PastOccasion, Middle], places: Mapping[PastOccasion, datetime]) -> Past | None:
    """The band at the times of this course's own occasions; None where no occasion has enough courses."""
    points = sorted(
        (PastPoint(places[occasion], middle.low, middle.high, middle.n) for occasion, middle in found.items()
         if occasion in places),
        key=lambda point: point.at,
    )  # fmt: skip
    if not points:
        return None
    least, most = min(point.n for point in points), max(point.n for point in points)
    number = str(most) if least == most else f"{least} to {most}"
    return Past(tuple(points), f"Middle half of {number} past courses")

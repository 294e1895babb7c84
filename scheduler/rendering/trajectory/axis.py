"""The line of time: days in proportion, but for stretches in which nothing happens.

A course is two weeks of infusions, with perhaps a baseline a month before and eight weeks of ratings after.
In proportion the infusions would be a smear at one edge. So the stretch before the first infusion, long
pauses between two, and the weeks after the last are drawn closer, and a mark on the axis says so. The
order of time is always kept.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

DAY = timedelta(days=1)
LEAD, PAUSE, TAIL = 3.0, 8.0, 0.6
"""At most so many days' width before, in a pause; and of the course's own width for the time after."""


@dataclass(frozen=True)
class Axis:
    """Instants and their places, both rising; `breaks` are the places where time is drawn closer."""

    knots: tuple[tuple[datetime, float], ...]
    breaks: tuple[float, ...] = ()

    def x(self, at: datetime) -> float:
        """The place of an instant; outside of the line, the nearer end."""
        times = [knot for knot, _ in self.knots]
        after = bisect_right(times, at)
        if after == 0 or after == len(times):
            return self.knots[min(after, len(times) - 1)][1]
        (t0, x0), (t1, x1) = self.knots[after - 1], self.knots[after]
        return round(x0 + (x1 - x0) * ((at - t0) / (t1 - t0)), 1)


def axis(first: datetime, visits: Sequence[datetime], last: datetime, left: float, right: float) -> Axis:
    """The line from `first` to `last` through the visits, between two places."""
    inner = sorted({at for at in visits if first <= at <= last})
    knots = sorted({first, *inner, last})
    if len(knots) < 2:
        return Axis(((first, (left + right) / 2),))
    days = [(b - a) / DAY for a, b in pairwise(knots)]
    drawn = _widths(days, knots, inner)
    scale, places = (right - left) / sum(drawn), [left]
    for width in drawn:
        places.append(places[-1] + width * scale)
    breaks = [
        round((places[at] + places[at + 1]) / 2, 1)
        for at, (real, width) in enumerate(zip(days, drawn, strict=True))
        if width < real
    ]
    return Axis(tuple((knot, round(x, 1)) for knot, x in zip(knots, places, strict=True)), tuple(breaks))


def _widths(days: Sequence[float], knots: Sequence[datetime], visits: Sequence[datetime]) -> list[float]:
    """How many days' width each stretch gets."""
    if not visits:
        return list(days)
    widths = []
    for real, (begin, end) in zip(days, pairwise(knots), strict=True):
        before, after = begin < visits[0], end > visits[-1]
        widths.append(min(real, LEAD) if before else real if after else min(real, PAUSE))
    if knots[-1] > visits[-1]:
        course = sum(widths[:-1])
        widths[-1] = min(widths[-1], max(LEAD, course * TAIL))
    return widths

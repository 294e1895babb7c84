"""Two courses of one patient beside each other, on one scale.

A total is as high in the one drawing as in the other, and a day as wide: both begin at their first infusion
and share one line of time, which is drawn from the visits and ratings of both. Whatever is asked in one of
them alone has an empty place in the other, so that each instrument stands at the same height.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup  # noqa: TID251 - a drawing is the one thing besides web/ that is not text

from scheduler.rendering.trajectory.axis import Axis, axis
from scheduler.rendering.trajectory.draw import bounds, moments_of, trajectory_svg
from scheduler.rendering.trajectory.facts import TrajectoryFacts
from scheduler.rendering.trajectory.paper import NARROW, PAPERS


def beside_svgs(before: TrajectoryFacts, now: TrajectoryFacts) -> tuple[Markup, Markup]:
    """Draw the course before and this one, each 358 wide; both have the same tracks in the same order."""
    shift = _begin(now) - _begin(before) if _times(before) and _times(now) else timedelta()
    moments = [*_times(now), *(at + shift for at in _times(before))]
    visits = [*_visits(now), *(at + shift for at in _visits(before))]
    line = None
    if moments:
        line = axis(min(moments), visits, max(moments), *bounds(PAPERS[NARROW]))
    earlier = Axis(tuple((at - shift, x) for at, x in line.knots), line.breaks) if line else None
    return trajectory_svg(before, NARROW, "before", earlier), trajectory_svg(now, NARROW, "now", line)


def _begin(facts: TrajectoryFacts) -> datetime:
    return min(_visits(facts) or _times(facts))


def _visits(facts: TrajectoryFacts) -> Sequence[datetime]:
    return [visit.at for visit in facts.visits]


def _times(facts: TrajectoryFacts) -> Sequence[datetime]:
    """All that has a place on the line of time."""
    missing: Iterable[datetime] = (at for track in facts.tracks for at in track.missing)
    return [*moments_of(facts), *_visits(facts), *missing]

"""The whole drawing, from top to bottom: each instrument, then doses, events, medicines and the days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup  # noqa: TID251 - a drawing is the one thing besides web/ that is not text

from scheduler.rendering.templates import fill
from scheduler.rendering.trajectory import rows
from scheduler.rendering.trajectory.axis import Axis, axis
from scheduler.rendering.trajectory.facts import TrajectoryFacts
from scheduler.rendering.trajectory.paper import PAPERS, WIDE, Paper
from scheduler.rendering.trajectory.said import describe
from scheduler.rendering.trajectory.tracks import Plot, plot

BETWEEN = 18
EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Where nothing has a time of its own yet, everything stands in the middle."""


def trajectory_svg(
    facts: TrajectoryFacts, width: int = WIDE, ident: str = "traj", line: Axis | None = None
) -> Markup:
    """Draw it, 900 wide for a desk and paper or 358 wide for a phone.

    `ident` begins the id of its title; give each drawing on a page its own. `line` is a line of time that it
    shares with another drawing, else its own.
    """
    paper = PAPERS[width]
    moments = moments_of(facts)
    line = line or _axis(facts, moments, paper)
    plots, y = _plots(facts, line, paper)
    beside = _beside(facts, y, line, paper) if facts.has_chart else None
    last = beside.end if beside else y - BETWEEN
    days_y = last + 34
    return Markup(  # noqa: S704 - made by an escaping template
        fill(
            "svg/trajectory.svg.jinja",
            ident=f"{ident}-{width}",
            description=describe(facts),
            at=paper,
            height=round(days_y + (24 if paper.is_wide else 38)),
            plots=plots,
            guides=_guides(plots, beside, paper),
            beside=beside,
            days_y=days_y,
            days=rows.days(facts, moments, line, paper),
            breaks=line.breaks,
            after=_after(facts, line, paper),
        )
    )


@dataclass(frozen=True)
class _Beside:
    """Doses, events and medicines with their places, from `top` to `end`."""

    top: float
    dose_y: float
    bars: Sequence[rows.Bar]
    has_doses: bool
    flags_y: float
    flags: Sequence[rows.Flag]
    medicines_y: float
    stretches: Sequence[rows.Stretch]
    once: Sequence[rows.Flag]
    end: float


def _beside(facts: TrajectoryFacts, top: float, line: Axis, paper: Paper) -> _Beside:
    dose_y = top + (48 if paper.is_wide else 62)
    flags_y = dose_y + (22 if paper.is_wide else 38)
    flags = rows.events(facts.events, flags_y, line, paper)
    below = max((flag.y for flag in flags), default=flags_y)
    medicines_y = below + (28 if paper.is_wide else 44)
    stretches, once = rows.medicines(facts.medicines, medicines_y, line, paper)
    ends = [*(one.y for one in stretches), *(flag.y for flag in once)]
    return _Beside(
        top=top,
        dose_y=dose_y,
        bars=rows.bars(facts.visits, line, paper),
        has_doses=any(visit.dose for visit in facts.visits),
        flags_y=flags_y,
        flags=flags,
        medicines_y=medicines_y,
        stretches=stretches,
        once=once,
        end=max(ends, default=below),
    )


def _guides(plots: list[Plot], beside: _Beside | None, paper: Paper) -> list[tuple[float, float]]:
    """From where to where the line of an infusion runs; on a phone the titles stand in between."""
    through = [(one.top, one.bottom) for one in plots]
    if beside is None:
        return through
    if paper.is_wide:
        return [*through, (beside.top, beside.end + 14)]
    return [*through, (beside.top + 16, beside.dose_y + 4), (beside.dose_y + 24, beside.end + 14)]


def moments_of(facts: TrajectoryFacts) -> list[datetime]:
    """The times of all ratings that are no pair, in order."""
    return sorted(point.at for track in facts.tracks for point in track.points)


def bounds(paper: Paper) -> tuple[float, float]:
    """Where the line of time begins and ends."""
    margin = 24 if paper.is_wide else 14
    return paper.left + margin, paper.right - margin


def _axis(facts: TrajectoryFacts, moments: list[datetime], paper: Paper) -> Axis:
    visits = [visit.at for visit in facts.visits]
    shown = [*moments, *visits, *(at for track in facts.tracks for at in track.missing)]
    left, right = bounds(paper)
    if not shown:
        return Axis(((EVER, (left + right) / 2),))
    return axis(min(shown), visits, max(shown), left, right)


def _plots(facts: TrajectoryFacts, line: Axis, paper: Paper) -> tuple[list[Plot], float]:
    y = 0.0
    plots = []
    for track in facts.tracks:
        plots.append(plot(track, y, line, paper))
        y = plots[-1].end + BETWEEN
    return plots, y


def _after(facts: TrajectoryFacts, line: Axis, paper: Paper) -> float | None:
    """Where the weeks after the last infusion are named, if they are drawn and wide enough."""
    visits = [visit.at for visit in facts.visits]
    if not visits or len(line.knots) < 2 or line.knots[-1][0] <= max(visits):
        return None
    begin, end = line.x(max(visits)), line.knots[-1][1]
    return round((begin + end) / 2, 1) if end - begin >= (110 if paper.is_wide else 90) else None

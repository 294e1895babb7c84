"""The whole drawing, from top to bottom: each instrument, then doses, events, medicines and the days."""

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


def trajectory_svg(facts: TrajectoryFacts, width: int = WIDE, ident: str = "traj") -> Markup:
    """Draw it, 900 wide for a desk and paper or 358 wide for a phone.

    `ident` begins the id of its title; give each drawing on a page its own.
    """
    paper = PAPERS[width]
    moments = _moments(facts)
    line = _axis(facts, moments, paper)
    plots, y = _plots(facts, line, paper)
    flags_y = y + (52 if paper.is_wide else 66) + (18 if paper.is_wide else 34)
    flags = rows.events(facts.events, flags_y, line, paper)
    below = max((flag.y for flag in flags), default=flags_y)
    medicines_y = below + (28 if paper.is_wide else 44)
    stretches, once = rows.medicines(facts.medicines, medicines_y, line, paper)
    ends = [*(one.y for one in stretches), *(flag.y for flag in once)]
    last = max(ends, default=below)
    days_y = last + 34
    return Markup(  # noqa: S704 - made by an escaping template
        fill(
            "svg/trajectory.svg.jinja",
            ident=f"{ident}-{width}",
            description=describe(facts),
            at=paper,
            height=round(days_y + (24 if paper.is_wide else 38)),
            plots=plots,
            guides=_guides(plots, y, last, paper),
            dose_y=y + (48 if paper.is_wide else 62),
            bars=rows.bars(facts.visits, line, paper),
            flags_y=flags_y,
            flags=flags,
            has_doses=any(visit.dose for visit in facts.visits),
            medicines_y=medicines_y,
            stretches=stretches,
            once=once,
            days_y=days_y,
            days=rows.days(facts, moments, line, paper),
            breaks=line.breaks,
            after=_after(facts, line, paper),
        )
    )


def _guides(plots: list[Plot], y: float, last: float, paper: Paper) -> list[tuple[float, float]]:
    """From where to where the line of an infusion runs; on a phone the titles stand in between."""
    through = [(one.top, one.bottom) for one in plots]
    if paper.is_wide:
        return [*through, (y, last + 14)]
    return [*through, (y + 16, y + 66), (y + 86, last + 14)]


def _moments(facts: TrajectoryFacts) -> list[datetime]:
    """The times of all ratings that are no pair, in order."""
    return sorted(point.at for track in facts.tracks for point in track.points)


def _axis(facts: TrajectoryFacts, moments: list[datetime], paper: Paper) -> Axis:
    visits = [visit.at for visit in facts.visits]
    shown = [*moments, *visits, *(at for track in facts.tracks for at in track.missing)]
    margin = 24 if paper.is_wide else 14
    left, right = paper.left + margin, paper.right - margin
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
    return round((begin + end) / 2, 1) if end - begin >= (70 if paper.is_wide else 60) else None

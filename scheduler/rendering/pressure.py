"""Blood pressure over one infusion as an SVG, with the clinic's limit and, in words, what the lines say.

Time runs to the right in elapsed minutes from the start, so a clock change bends nothing. Systolic and
diastolic are two lines; a value at or above the limit is a square, because colour is never the only signal.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup  # noqa: TID251 - a drawing is not text

from scheduler.rendering.templates import fill

WIDE, NARROW = 860, 340
LEFT, TOP, BOTTOM = 38, 14, 112


@dataclass(frozen=True)
class Measure:
    """One pressure in mmHg, `minutes` after the start (below 0: before it), and what the time is called."""

    minutes: float
    sbp: int
    dbp: int
    label: str


@dataclass(frozen=True)
class PressureChart:
    """Pressures in the order of time, and the limit at which the clinic acts."""

    measures: Sequence[Measure]
    act_sbp: int
    act_dbp: int


@dataclass(frozen=True)
class _Mark:
    x: float
    high: float
    low: float
    over: bool
    label: str


def describe(chart: PressureChart) -> str:
    """The picture in one sentence, which states and judges nothing."""
    told = ", ".join(f"{each.sbp}/{each.dbp} {each.label}" for each in chart.measures)
    return f"Blood pressure: {told}. Limit {chart.act_sbp}/{chart.act_dbp}."


def trend(chart: PressureChart) -> str:
    """The highest pressure since the start against the last one before it, in words."""
    before = [each for each in chart.measures if each.minutes < 0]
    later = [each for each in chart.measures if each.minutes >= 0]
    if not before or not later:
        return ""
    base, high = before[-1], max(later, key=lambda each: (each.sbp, each.dbp))
    rise = f"{high.sbp - base.sbp:+d}/{high.dbp - base.dbp:+d}"
    return f"Highest {high.sbp}/{high.dbp} {high.label}, {rise} against {base.sbp}/{base.dbp} before."


def pressure_svg(chart: PressureChart, width: int = WIDE) -> Markup:
    """Draw the chart, 860 wide for a tablet and paper or 340 for a phone."""
    top = max(chart.act_sbp, *(each.sbp for each in chart.measures)) + 8
    floor = min(60, *(each.dbp for each in chart.measures)) - 6

    def y(value: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - floor) / (top - floor), 1)

    first, last = chart.measures[0].minutes, chart.measures[-1].minutes
    scale = (width - LEFT - 24) / max(last - first, 1)
    marks = [
        _Mark(
            round(LEFT + 8 + (each.minutes - first) * scale, 1),
            y(each.sbp),
            y(each.dbp),
            each.sbp >= chart.act_sbp or each.dbp >= chart.act_dbp,
            each.label,
        )
        for each in chart.measures
    ]
    return Markup(  # noqa: S704 - made by an escaping template
        fill(
            "svg/pressure.svg.jinja",
            width=width,
            left=LEFT,
            size="l" if width == WIDE else "s",
            description=describe(chart),
            marks=marks,
            limits=[(chart.act_sbp, y(chart.act_sbp)), (chart.act_dbp, y(chart.act_dbp))],
            start=round(LEFT + 8 - first * scale, 1) if first <= 0 <= last else None,
        )
    )

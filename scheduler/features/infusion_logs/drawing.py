"""The pressures of a log as two drawings, for a tablet and for a phone, and what they say in a sentence."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from scheduler.features.infusion_logs.grid import GridRow
from scheduler.features.infusion_logs.queries.chart import Chart
from scheduler.rendering.pressure import NARROW, WIDE, Measure, PressureChart, pressure_svg, trend


@dataclass(frozen=True)
class Pictures:
    """The drawings as markup, and the trend in words."""

    wide: Any
    narrow: Any
    trend: str


def drawn(chart: Chart) -> Pictures | None:
    """The drawings, or None before there are two pressures to compare."""
    measures = [made for line in chart.grid if (made := _measure(line, chart))]
    if len(measures) < 2:
        return None
    found = PressureChart(measures, chart.rules.act_sbp, chart.rules.act_dbp)
    return Pictures(pressure_svg(found, WIDE), pressure_svg(found, NARROW), trend(found))


def _measure(line: GridRow, chart: Chart) -> Measure | None:
    reading = line.reading
    if reading is None or reading.sbp is None or reading.dbp is None:
        return None
    start = chart.values["started_at"] or line.at + timedelta(minutes=1)
    minutes = (line.at - start) / timedelta(minutes=1)  # type: ignore[operator]
    return Measure(minutes, reading.sbp, reading.dbp, f"at {chart.place.said(line.at)}")

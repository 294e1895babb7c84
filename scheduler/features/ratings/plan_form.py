"""From the grid of instruments and time points to a plan, and back."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from scheduler.features.ratings.cognition.tasks import IN_ORDER
from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.plan import Line, Plan, Which
from scheduler.models import CognitiveTask, TimePoint

COLUMNS: tuple[tuple[TimePoint, Which, str], ...] = (
    (TimePoint.BASELINE, Which.EACH, "Before the first"),
    (TimePoint.PRE, Which.EACH, "Before each"),
    (TimePoint.PRE, Which.MIDDLE, "Before the middle one"),
    (TimePoint.POST_2H, Which.EACH, "Two hours after each"),
    (TimePoint.DAY_1, Which.EACH, "The day after each"),
    (TimePoint.DAY_2_7, Which.EACH, "Two to seven days after each"),
    (TimePoint.DAY_2_7, Which.LAST, "Two to seven days after the last"),
    (TimePoint.WEEKLY, Which.EACH, "Weekly for eight weeks"),
)
NO_BASELINE = (
    "Ask the primary instrument before the first infusion: without a baseline nothing can be compared."
)
ONCE = "Ask the primary instrument at least once after the first infusion."
NOT_LEARNED = "Pictures can be recognised only at a time point at which their places are learned too."


@dataclass(frozen=True)
class PlanForm:
    """The grid as it came: the boxes that are ticked, the primary instrument, and what is wrong with it."""

    ticked: frozenset[str]
    primary: str
    error: str = ""
    plan: Plan | None = None


def read_plan(ticked: Iterable[str], primary: str, offered: Sequence[Instrument]) -> PlanForm:
    """Read the grid of `offered`. Nothing raises: a box that there is none of counts for nothing."""
    wanted = frozenset(ticked)
    lines = tuple(
        Line(instrument.key, point, which)
        for point, which, _ in COLUMNS
        for instrument in offered
        if box(instrument.code, point, which) in wanted
    )
    tasks = tuple(
        Line(task.key, point, which)
        for point, which, _ in COLUMNS
        for task in IN_ORDER
        if box(task.task.value, point, which) in wanted
    )
    known = primary if primary in {instrument.code for instrument in offered} else ""
    error = _error(known, lines) or _error_of_tasks(tasks)
    plan = Plan(known, lines, tasks)
    return PlanForm(boxes_of(plan), known, error, None if error else plan)


def boxes_of(plan: Plan) -> frozenset[str]:
    """The boxes that a plan ticks."""
    lines = (*plan.lines, *plan.tasks)
    return frozenset(box(line.instrument[0], line.at, line.which) for line in lines)


def box(code: str, point: TimePoint, which: Which) -> str:
    """The value of one box."""
    return f"{code}.{point.value}.{which.value}"


def _error(primary: str, lines: Collection[Line]) -> str:
    if not primary:
        return "Choose the instrument on which response is judged."
    points = {line.at for line in lines if line.instrument[0] == primary}
    if TimePoint.BASELINE not in points:
        return NO_BASELINE
    return "" if points - {TimePoint.BASELINE} else ONCE


def _error_of_tasks(lines: Collection[Line]) -> str:
    learned, recognised = (
        {(line.at, line.which) for line in lines if line.instrument[0] == task.value}
        for task in (CognitiveTask.PLACES, CognitiveTask.RECOGNISE)
    )
    return NOT_LEARNED if recognised - learned else ""

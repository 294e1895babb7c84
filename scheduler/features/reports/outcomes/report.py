"""The outcomes as they may be shown: lines of counts with their n, and nothing that tells of a few people."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from scheduler.features.reports.outcomes.cells import LEAST, Mask, Whole, is_safe, joined, put_together
from scheduler.features.reports.outcomes.cohort import COMPLETED, DISCONTINUED, OPEN, Cohort, cohort_of
from scheduler.features.reports.outcomes.events import NO_EVENTS, Events, events_of
from scheduler.features.reports.outcomes.filters import Filters
from scheduler.features.reports.outcomes.interval import Line
from scheduler.features.reports.outcomes.judged import Judged, judge

WELL_WEEKS = (4, 8)


@dataclass(frozen=True)
class Reached:
    """Responders by the infusion after which they first responded: `line` counts all up to there."""

    new: int
    line: Line


@dataclass(frozen=True)
class Outcomes:
    """What the page and the file show. `begun` counts the courses; `is_small` says that they are of fewer
    people than may be shown, and then nothing else is filled.

    A figure is None, and a list empty, where it would tell of too few people. `ended` is completed and
    discontinued together. `median` is the number of infusions after which half of the responders had
    first responded.
    """

    begun: int
    is_small: bool = False
    completed: int | None = None
    discontinued: int | None = None
    ended: int | None = None
    still_open: int | None = None
    drop_out: Line | None = None
    drop_outs: tuple[Line, ...] = ()
    at_end: tuple[Line, ...] = ()
    broken_off: tuple[Line, ...] = ()
    reached: tuple[Reached, ...] = ()
    median: float | None = None
    events: Events = NO_EVENTS


def outcomes(session: Session, filters: Filters) -> Outcomes:
    """Count the courses that `filters` cover."""
    cohort = cohort_of(session, filters)
    begun = len(cohort.ids)
    if len(np.unique(cohort.patients)) < LEAST:
        return Outcomes(begun=0, is_small=begun > 0)
    judged = judge(session, cohort, filters.code, WELL_WEEKS)
    completed, discontinued, still_open = (
        cohort.status == state for state in (COMPLETED, DISCONTINUED, OPEN)
    )
    split = is_safe(cohort.patients, completed, discontinued, still_open)
    ended = is_safe(cohort.patients, ~still_open, still_open)
    at_end, responders = _at_end(cohort, judged, completed)
    reached = _reached(cohort, judged, responders) if at_end and at_end[0].count is not None else ()
    return Outcomes(
        begun=begun,
        completed=int(completed.sum()) if split else None,
        discontinued=int(discontinued.sum()) if split else None,
        ended=int((~still_open).sum()) if ended else None,
        still_open=int(still_open.sum()) if ended else None,
        drop_out=Line("Discontinued", int((~still_open).sum()), int(discontinued.sum())) if split else None,
        drop_outs=_drop_outs(cohort, discontinued) if split else (),
        at_end=at_end,
        broken_off=_at_end(cohort, judged, discontinued)[0][:3],
        reached=reached,
        median=float(np.median(np.maximum(judged.first_after[responders], 1))) if reached else None,
        events=events_of(session, cohort),
    )


def _at_end(cohort: Cohort, judged: Judged, group: Mask) -> tuple[tuple[Line, ...], Mask]:
    """The lines of one group of courses, none where too few of it can be judged; and its responders."""
    ours = group & judged.is_judged
    responders = ours & judged.responds
    people = cohort.patients
    if not ours.any() or not is_safe(people, ours):
        return (), responders
    response = _line(people, "Response", ours, responders)
    remits, worse = ours & judged.remits, ours & judged.worse
    known, changes = ours & judged.has_mark, ours & judged.has_worse
    # Hardly anybody is in remission without a response, so the difference of the two is a group as well;
    # and nobody responds and is worse, so what remains is one.
    remission = _line(people, "Remission", known, remits, responders & ~remits, remits & ~responders)
    rest = changes & ~responders & ~worse
    lines = (response, remission, _line(people, "Worse", changes, worse, rest))
    if response.count is None:
        return lines, responders
    return (*lines, *(_well(people, judged, responders, week) for week in WELL_WEEKS)), responders


def _well(people: Whole, judged: Judged, responders: Mask, week: int) -> Line:
    rated = responders & judged.rated[week]
    return _line(people, f"Still a response after {week} weeks", rated, rated & judged.well[week])


def _line(people: Whole, label: str, of: Mask, count: Mask, *others: Mask) -> Line:
    """The share, without figures where it, the rest of it or one of `others` is of too few people."""
    if not of.any():
        return Line(label, 0, None)
    if not is_safe(people, of):
        return Line(label, None, None)
    is_told = is_safe(people, count, of & ~count, *others)
    return Line(label, int(of.sum()), int(count.sum()) if is_told else None)


def _reached(cohort: Cohort, judged: Judged, responders: Mask) -> tuple[Reached, ...]:
    """When those who respond at the end had first responded."""
    first_after = np.maximum(judged.first_after, 1)
    groups = [responders & (first_after == at) for at in range(1, first_after.max() + 1)]
    lines: list[Reached] = []
    for first, last in put_together(groups, lambda group: is_safe(cohort.patients, group)):
        new = int(joined(groups, first, last).sum())
        by_then = new + (lines[-1].line.count or 0 if lines else 0)
        label = f"Infusion {first + 1}" if first == last else f"Infusions {first + 1} to {last + 1}"
        lines.append(Reached(new, Line(label, int(responders.sum()), by_then)))
    return tuple(lines)


def _drop_outs(cohort: Cohort, discontinued: Mask) -> tuple[Line, ...]:
    """After how many infusions courses were broken off."""
    last = int(cohort.given[discontinued].max(initial=0))
    groups = [discontinued & (cohort.given == number) for number in range(last + 1)]
    of = int(discontinued.sum())
    return tuple(
        Line(_infusions(first, until), of, int(joined(groups, first, until).sum()))
        for first, until in put_together(groups, lambda group: is_safe(cohort.patients, group))
        if joined(groups, first, until).any()
    )


def _infusions(first: int, last: int) -> str:
    if first == last:
        return f"After {first} infusion" + ("" if first == 1 else "s")
    return f"After {first} to {last} infusions"

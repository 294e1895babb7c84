"""What the days of a course in repair break among themselves (R10', R11'), said in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from scheduler.planning.mending import Ailing, CourseVisit
from scheduler.planning.violation import Fault, Violation, days_of


def mend_faults(course: Ailing, days: Mapping[int, date]) -> list[Violation]:
    """What the visits break with these days; a visit that is not named has its own day.

    Visits without a day are passed over: where number 4 has none, numbers 3 and 5 are neighbours.
    """
    placed = [(visit, days.get(visit.k, visit.day)) for visit in course.visits]
    known = [(visit, day) for visit, day in placed if day is not None]
    faults = [
        fault for (v, a), (w, b) in pairwise(known) if (fault := _gap_fault(course, v, a, w, b)) is not None
    ]
    if len(known) > 1:
        faults += _span_fault(course, known[0][1], known[-1][1])
    return faults


def _gap_fault(course: Ailing, v: CourseVisit, a: date, w: CourseVisit, b: date) -> Violation | None:
    if course.may_follow(v, a.toordinal(), w, b.toordinal()):
        return None
    steps, gap = w.k - v.k, (b - a).days
    low, high = steps * course.request.protocol.gap_min, steps * course.gap_max
    if gap <= 0:
        when = "on the same day as" if gap == 0 else "before"
        words = f"Visit {w.k} would come {when} visit {v.k}."
    elif gap < low:
        words = f"Visit {w.k} would come {days_of(gap)} after visit {v.k}: too soon, at least {days_of(low)}."
    else:
        words = f"Visit {w.k} would come {days_of(gap)} after visit {v.k}: too late, at most {days_of(high)}."
    fault = Fault.TOO_SOON if gap < low else Fault.TOO_LATE
    return Violation("R10", fault, w.k, words, other=v.k, days=low - gap if gap < low else gap - high)


def _span_fault(course: Ailing, first: date, last: date) -> Iterable[Violation]:
    span = (last - first).days + 1
    if not course.may_span(first.toordinal(), last.toordinal()):
        words = f"The course would take {days_of(span)}: too long, at most {days_of(course.span_max)}."
        yield Violation("R11", Fault.SPAN_LONG, None, words, days=span - course.span_max)

"""The rules between the visits of a course (R9 to R12), said in words."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from scheduler.planning.request import Request
from scheduler.planning.violation import Fault, Violation, days_of


def spacing_faults(request: Request, days: Sequence[date]) -> list[Violation]:
    """What the days of visits 1, 2, … break among themselves."""
    return [*_gap_faults(request, days), *_span_faults(request, days), *_first_day_faults(request, days)]


def _gap_faults(request: Request, days: Sequence[date]) -> Iterable[Violation]:
    protocol = request.protocol
    for k, (before, after) in enumerate(pairwise(days), start=2):
        gap = (after - before).days
        if protocol.gap_min <= gap <= protocol.gap_max:
            continue
        if gap <= 0:
            when = "on the same day as" if gap == 0 else "before"
            words = f"Visit {k} would come {when} visit {k - 1}."
        else:
            when = f"Visit {k} would come {days_of(gap)} after visit {k - 1}"
            bound = (
                f"too soon: at least {days_of(protocol.gap_min)}"
                if gap < protocol.gap_min
                else f"too late: at most {days_of(protocol.gap_max)}"
            )
            words = f"{when}, {bound}."
        fault = Fault.TOO_SOON if gap < protocol.gap_min else Fault.TOO_LATE
        missed = protocol.gap_min - gap if gap < protocol.gap_min else gap - protocol.gap_max
        yield Violation("R10", fault, k, words, other=k - 1, days=missed)


def _span_faults(request: Request, days: Sequence[date]) -> Iterable[Violation]:
    protocol = request.protocol
    span = (days[-1] - days[0]).days + 1
    if span < protocol.span_min:
        words = f"The course would take {days_of(span)}, too short: at least {days_of(protocol.span_min)}."
        yield Violation("R11", Fault.SPAN_SHORT, None, words, days=protocol.span_min - span)
    elif span > protocol.span_max:
        words = f"The course would take {days_of(span)}, too long: at most {days_of(protocol.span_max)}."
        yield Violation("R11", Fault.SPAN_LONG, None, words, days=span - protocol.span_max)


def _first_day_faults(request: Request, days: Sequence[date]) -> Iterable[Violation]:
    early = (request.first_day_min - days[0]).days
    late = (days[0] - request.first_day_max).days
    if early > 0:
        words = f"Visit 1 would be {days_of(early)} before the first day asked for."
        yield Violation("R12", Fault.FIRST_DAY_EARLY, 1, words, days=early)
    elif late > 0:
        words = f"Visit 1 would be {days_of(late)} after the last day asked for."
        yield Violation("R12", Fault.FIRST_DAY_LATE, 1, words, days=late)

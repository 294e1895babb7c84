"""What a plan costs, term by term and visit by visit, recomputed from the definitions.

Pages say with it in a few words what a proposal costs; the checker compares the sum with
the stated objective. Nothing here comes from the tables that found the plan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import Clinic
from scheduler.planning.daybook import DayBook
from scheduler.planning.request import Request
from scheduler.planning.results import PlannedInfusion, lower_median
from scheduler.planning.violation import clock, days_of


class Term(StrEnum):
    """The six terms of the objective, named as their weights."""

    GAP = "gap"
    SAME = "same"
    PREF = "pref"
    WEEKDAY = "weekday"
    EARLY = "early"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class Cost:
    """One thing that counts against a plan.

    k: the visit (for a gap, the one after it); amount: days off the target, slots from the
    shared hour, slots outside the preferred window, 1 for an avoided weekday, days after the
    first possible one, or nurse units above the soft load; points: amount times weight;
    words: a few, without a full stop; gap: the gap itself in days, for a gap.
    """

    term: Term
    k: int
    amount: int
    points: int
    words: str
    gap: int = 0


def why_cost(
    clinic: Clinic,
    bookings: Bookings,
    request: Request,
    infusions: Sequence[PlannedInfusion],
    *,
    loads: bool = True,
) -> list[Cost]:
    """Everything that counts against the plan; the points sum to its objective.

    Without `loads` the busy times are left out: they take most of the time, and a page that does not
    speak of them need not wait for them.
    """
    parts = [
        *_gaps(request, infusions),
        *_hours(clinic, infusions),
        *_wishes(clinic, request, infusions),
        *_early(request, infusions),
        *(_loads(clinic, bookings, infusions) if loads else ()),
    ]
    return [
        Cost(term, k, amount, amount * getattr(request.weights, term), words, gap)
        for term, k, amount, words, gap in parts
        if amount
    ]


def objective(
    clinic: Clinic, bookings: Bookings, request: Request, infusions: Sequence[PlannedInfusion]
) -> int:
    """The objective of PLANNING.md section 4."""
    return sum(cost.points for cost in why_cost(clinic, bookings, request, infusions))


_Part = tuple[Term, int, int, str, int]


def _gaps(request: Request, infusions: Sequence[PlannedInfusion]) -> Iterable[_Part]:
    for before, after in pairwise(infusions):
        gap = (after.day - before.day).days
        off = abs(gap - request.protocol.gap_target)
        yield Term.GAP, after.k, off, f"gap of {days_of(gap)} before no. {after.k}", gap


def _hours(clinic: Clinic, infusions: Sequence[PlannedInfusion]) -> Iterable[_Part]:
    usual = lower_median([infusion.minute for infusion in infusions])
    for each in infusions:
        slots = abs(each.minute - usual) // clinic.slot_min
        yield Term.SAME, each.k, slots, f"no. {each.k} at {clock(each.minute)} instead of {clock(usual)}", 0


def _wishes(clinic: Clinic, request: Request, infusions: Sequence[PlannedInfusion]) -> Iterable[_Part]:
    for each in infusions:
        if request.preference.window is not None:
            early, late = request.preference.window
            outside = max(0, early - each.minute, each.minute - late)
            words = f"no. {each.k} at {clock(each.minute)}, outside the preferred hours"
            yield Term.PREF, each.k, -(-outside // clinic.slot_min), words, 0
        if each.day.weekday() in request.preference.avoid_weekdays:
            yield Term.WEEKDAY, each.k, 1, f"no. {each.k} on a {each.day:%A}", 0


def _early(request: Request, infusions: Sequence[PlannedInfusion]) -> Iterable[_Part]:
    late = (infusions[0].day - request.first_day_min).days
    yield Term.EARLY, 1, late, f"starts {days_of(late)} after the first possible day", 0


def _loads(clinic: Clinic, bookings: Bookings, infusions: Sequence[PlannedInfusion]) -> Iterable[_Part]:
    for each in infusions:
        book = DayBook(clinic, bookings, each.site, each.day)
        excess = book.soft_excess(clinic.kind(each.type), each.minute)
        yield Term.LOAD, each.k, excess, f"a busy time for the nurses at no. {each.k}", 0

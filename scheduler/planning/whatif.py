"""What one visit of a plan could do instead while the others stay, and what a wish breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import Clinic
from scheduler.planning.daybook import DayBook
from scheduler.planning.masks import Field
from scheduler.planning.patient import patient_faults
from scheduler.planning.request import Request
from scheduler.planning.results import PlannedInfusion
from scheduler.planning.spacing import spacing_faults
from scheduler.planning.violation import Fault, Violation


@dataclass(frozen=True, slots=True)
class Option:
    """A start (local minute of the day) and a free chair for it; the visit's own chair where that is free."""

    minute: int
    chair: str


def options(field: Field, infusions: Sequence[PlannedInfusion], k: int) -> dict[date, list[Option]]:
    """Days and starts for visit `k` (from 1) that keep every rule with the other visits as they are."""
    mine = infusions[k - 1]
    site = field.request.sites.index(mine.site)
    free = field.free[mine.type][site]
    found = {}
    for day in range(field.days):
        local = date.fromordinal(field.first + day)
        if free[day].any() and not spacing_faults(field.request, _days_with(infusions, k, local)):
            found[local] = [_option(field, mine, site, day, int(slot)) for slot in np.flatnonzero(free[day])]
    return found


def breaks(
    clinic: Clinic,
    bookings: Bookings,
    request: Request,
    infusions: Sequence[PlannedInfusion],
    k: int,
    day: date,
    minute: int,
) -> list[Violation]:
    """Everything that visit `k` (from 1) at local `minute` of `day` would break; empty when it may go there.

    The site stays. Spacing is judged on the whole plan, so a bound that the other visits
    break among themselves is told too.
    """
    mine = infusions[k - 1]
    kind = clinic.kind(mine.type)
    book = DayBook(clinic, bookings, mine.site, day)
    faults = book.faults(kind, minute, k, None)
    if not any(fault.rule in ("R3", "R4") for fault in faults) and not book.free_chairs(
        kind, minute, request.chair_type
    ):
        faults.append(Violation("R5", Fault.NO_CHAIR, k, "No chair is free then."))
    return [
        *faults,
        *patient_faults(request, day, minute, kind.minutes, k),
        *spacing_faults(request, _days_with(infusions, k, day)),
    ]


def _days_with(infusions: Sequence[PlannedInfusion], k: int, day: date) -> list[date]:
    return [day if each.k == k else each.day for each in infusions]


def _option(field: Field, mine: PlannedInfusion, site: int, day: int, slot: int) -> Option:
    chair = field.seats.pick(field.taken[mine.type], site, day, slot, mine.chair)
    return Option(int(field.minutes[slot]), chair)

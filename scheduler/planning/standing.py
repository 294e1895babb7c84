"""Which standing visits the clinic, as it is or as somebody wants it to be, no longer carries.

A visit that was right when it was booked can lose what it stands on: a nurse falls ill, hours change, a
chair is taken out. Each visit is judged as if it were to be booked again among all the others, by the rules
that capacity alone can break: the chair is there (R2), the site is open (R3, R4), the nurses can watch
everybody (R6), a clinician is there (R7). Who sits on which chair (R5) does not change with capacity.
"""

from datetime import date

from scheduler.planning.bookings import NO_CHAIR, Bookings
from scheduler.planning.clinic import Clinic, SessionType
from scheduler.planning.daybook import DayBook
from scheduler.planning.violation import Fault, Violation

RULES = frozenset({"R2", "R3", "R4", "R6", "R7"})


def standing_faults(clinic: Clinic, bookings: Bookings) -> list[list[Violation]]:
    """For each booking, row by row, what it breaks of R2, R3, R4, R6 and R7 (empty: it holds).

    `bookings` must be all that stand on their days. A visit whose chair is gone (`NO_CHAIR`) is judged by
    the rules of its site and staff as well, and takes the nurses' attention like any other.
    """
    books: dict[tuple[int, int], DayBook] = {}
    found = []
    for site, chair, day, slot, kind in zip(*(each.tolist() for each in bookings.columns), strict=True):
        if (site, day) not in books:
            here = clinic.sites[site].id
            books[site, day] = DayBook(clinic, bookings, here, date.fromordinal(day))
        found.append(_judge(books[site, day], chair, slot, clinic.session_types[kind]))
    return found


def _judge(book: DayBook, chair: int, slot: int, kind: SessionType) -> list[Violation]:
    gone = chair == NO_CHAIR
    chair_id = None if gone else book.clinic.chairs[chair][1].id
    _take(book, kind, slot, -1)
    faults = book.faults(kind, slot * book.clinic.slot_min, None, chair_id)
    _take(book, kind, slot, 1)
    broken = [fault for fault in faults if fault.rule in RULES]
    if gone:
        return [Violation("R2", Fault.UNKNOWN_CHAIR, None, "The chair is no longer there."), *broken]
    return broken


def _take(book: DayBook, kind: SessionType, slot: int, sign: int) -> None:
    """Enter the nurse units of a visit into the day once more, or take them out."""
    for at, units in enumerate(book.profile(kind), start=slot):
        if at < len(book.load):
            book.load[at] += sign * units

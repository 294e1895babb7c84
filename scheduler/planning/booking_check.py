"""Judging chosen visits once more against the bookings as they now stand.

Used inside the lock at booking: the proposal was right when it was shown, and somebody may
have taken a chair since. And the nurses' load of a day, for the day view's band.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.planning.bookings import Bookings
from scheduler.planning.clinic import NURSE_UNITS, Clinic
from scheduler.planning.daybook import DayBook
from scheduler.planning.violation import Fault, Violation


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit to book: local day and minute, kind of visit by name, and its number in the course."""

    k: int
    site: str
    chair: str
    day: date
    minute: int
    type: str


@dataclass(frozen=True, slots=True)
class LoadSlot:
    """A slot of a day from local `minute` on: nurse units taken, and the units of the nurses on duty."""

    minute: int
    load: int
    limit: int


def recheck(clinic: Clinic, bookings: Bookings, wishes: Sequence[Wish]) -> list[list[Violation]]:
    """For each wish what it breaks of R1 to R7 (empty: it holds), the wishes before it counted as booked.

    `bookings` must hold the standing visits of the wishes' days.
    """
    books: dict[tuple[str, date], DayBook] = {}
    return [_judge(clinic, bookings, wish, books) for wish in wishes]


def load_profile(clinic: Clinic, bookings: Bookings, site: str, day: date) -> list[LoadSlot]:
    """The nurse units of a day by slot, from midnight to midnight; twelve units are one nurse."""
    book = DayBook(clinic, bookings, site, day)
    pairs = zip(book.load, book.nurses, strict=True)
    return [
        LoadSlot(slot * clinic.slot_min, load, NURSE_UNITS * nurses)
        for slot, (load, nurses) in enumerate(pairs)
    ]


def _judge(
    clinic: Clinic, bookings: Bookings, wish: Wish, books: dict[tuple[str, date], DayBook]
) -> list[Violation]:
    chair = clinic.chair_index.get(wish.chair)
    site = clinic.site_index.get(wish.site)
    if site is None or chair is None or clinic.chairs[chair][0] != site:
        return [Violation("R2", Fault.UNKNOWN_CHAIR, wish.k, f"Chair {wish.chair} is no longer there.")]
    key = wish.site, wish.day
    if key not in books:
        books[key] = DayBook(clinic, bookings, *key)
    kind = clinic.kind(wish.type)
    faults = books[key].faults(kind, wish.minute, wish.k, wish.chair)
    books[key].add(chair, wish.minute // clinic.slot_min, kind)
    return faults

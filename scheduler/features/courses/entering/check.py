"""What the lines of a course from before must say of themselves before anything is looked up: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scheduler.errors import RuleError
from scheduler.features.courses.entering.entry import (
    STOPPED,
    CourseEntry,
    EnteredVisit,
    Was,
    disorder,
    numbers_of,
)


@dataclass(frozen=True)
class Numbered:
    """A dated line with its place (from 0) and its number; `start` is local to the site (naive)."""

    place: int
    number: int
    visit: EnteredVisit
    start: datetime


def lines_of(entry: CourseEntry) -> list[Numbered]:
    """The lines that have a date, with their numbers."""
    return [
        Numbered(place, number, visit, visit.start)
        for place, (number, visit) in enumerate(zip(numbers_of(entry.visits), entry.visits, strict=True))
        if visit.start is not None
    ]


def check_lines(entry: CourseEntry, planned: int, protocol: str) -> None:
    """Some are over, in order, and no more than the `planned` of the protocol.

    Raises RuleError; its `line` is the place (from 0) of the line that is wrong, where it is one.
    """
    if not any(visit.is_past for visit in entry.visits):
        raise RuleError(
            "Enter at least one visit that is over. A course that is still to begin is booked instead."
        )
    place = disorder(entry.visits)
    if place is not None:
        raise RuleError(
            "This visit does not come on a later day than the one above it. Put the lines in the order of "
            "their days.",
            line=place,
        )
    if entry.ended and not all(visit.is_past for visit in entry.visits):
        raise RuleError("A course that was ended early has no visits to come. Remove those, or let it go on.")
    most, highest = most_of(entry.visits, planned), max(numbers_of(entry.visits))
    if highest > most:
        raise RuleError(
            f"{protocol} has {most} visits, and the lines make {highest}. A missed visit and its "
            "replacement share a number: mark the missed one as missed."
        )


def most_of(visits: Sequence[EnteredVisit], planned: int) -> int:
    """The numbers that the course has: one more for each infusion that does not count."""
    return planned + sum(STOPPED.get(visit.was) is False for visit in visits)


def goes_on(entry: CourseEntry, planned: int) -> bool:
    """Whether visits are still to come, with or without a date."""
    there = sum(visit.was not in (Was.MISSED, Was.AHEAD, Was.OPEN) for visit in entry.visits)
    return not entry.ended and there < most_of(entry.visits, planned)

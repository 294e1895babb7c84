"""The six dots of a course, from its visits.

A number may stand in several rows: a missed or cancelled visit keeps its own, and its replacement gets
the same. The dot shows the row that counts, which is the one that was neither missed nor cancelled; only
where there is none, the latest of those that were.

An infusion that was stopped early is filled once a clinician said that it counts. One that does not count
keeps its dot, and the course gets one more at its end: "4 of 6" is still of the six that are to count.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from scheduler.models import InfusionStatus

GONE = frozenset({InfusionStatus.MISSED, InfusionStatus.CANCELLED})
HERE = frozenset({InfusionStatus.ARRIVED, InfusionStatus.IN_PROGRESS})
STOPPED = {True: "done", False: "left", None: "stopped"}


class Standing(Protocol):
    """What a dot is drawn from: an infusion, or a row with the same columns."""

    @property
    def number(self) -> int: ...
    @property
    def status(self) -> InfusionStatus: ...
    @property
    def local_day(self) -> date: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def stopped_early(self) -> bool: ...
    @property
    def counts(self) -> bool | None: ...


def dot_state(visit: Standing, today: date) -> str:
    """The state of one visit's dot (templates/parts/dots.html); `today` is the date at its site."""
    if visit.status is InfusionStatus.COMPLETED:
        return STOPPED[visit.counts] if visit.stopped_early else "done"
    if visit.status in GONE:
        return "missed" if visit.status is InfusionStatus.MISSED else "cancelled"
    return "today" if visit.local_day == today or visit.status in HERE else "open"


def six(visits: Iterable[Standing], today: date, planned: int) -> list[str]:
    """One state for each number of a course, in the order of the numbers.

    It has as many as its protocol has `planned`, and one more for each that does not count: what has no date
    yet is open.
    """
    rows = sorted(visits, key=lambda visit: visit.starts_at)
    counting: dict[int, Standing] = {}
    for visit in rows:
        there = counting.get(visit.number)
        if there is None or there.status in GONE:
            counting[visit.number] = visit
    wanted = range(1, planned + 1 + sum(visit.counts is False for visit in rows))
    return [
        dot_state(counting[number], today) if number in counting else "open"
        for number in sorted({*counting, *wanted})
    ]


def completed(states: Iterable[str]) -> int:
    """How many are completed: the 4 of "4 of 6"."""
    return sum(state == "done" for state in states)


def of_how_many(states: Iterable[str]) -> int:
    """How many are to count: the 6 of "4 of 6"."""
    return sum(state != "left" for state in states)

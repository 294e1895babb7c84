"""What is typed of a course from before, and the number each of its lines has: pure.

Nobody types numbers. The lines come in the order of their days, and a number stays open after a missed
visit: the next line is its replacement. So the rows get the numbers that they would have got here.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Was(StrEnum):
    """What became of a visit, or what is still to come of it."""

    COMPLETED = "completed"
    MISSED = "missed"
    STOPPED = "stopped"
    STOPPED_COUNTS = "stopped_counts"
    STOPPED_NOT = "stopped_not"
    AHEAD = "ahead"
    OPEN = "open"


STOPPED = {Was.STOPPED: None, Was.STOPPED_COUNTS: True, Was.STOPPED_NOT: False}
"""Stopped early, and a clinician's word on whether it counts; None asks for it."""
OF_CLINICIANS = frozenset({Was.STOPPED_COUNTS, Was.STOPPED_NOT})
OPTIONS = (
    (Was.COMPLETED, "Completed"),
    (Was.MISSED, "Missed"),
    (Was.STOPPED, "Stopped early"),
    (Was.STOPPED_COUNTS, "Stopped early, counts"),
    (Was.STOPPED_NOT, "Stopped early, does not count"),
    (Was.AHEAD, "To come"),
    (Was.OPEN, "To come, no date yet"),
)


@dataclass(frozen=True)
class EnteredVisit:
    """One line: a local start at the site (naive; None: no date yet), and a chair for one to come."""

    was: Was
    start: datetime | None
    chair_id: int | None = None

    @property
    def is_past(self) -> bool:
        """Whether it is over."""
        return self.was not in (Was.AHEAD, Was.OPEN)


@dataclass(frozen=True)
class CourseEntry:
    """A whole course from before. `ended` says why it was ended early ("": it was not)."""

    patient_id: int
    site_id: int
    protocol_version_id: int
    visits: tuple[EnteredVisit, ...]
    ended: str
    key: str

    def digest(self) -> str:
        """SHA-256 over what is entered: the same key with another digest is another course."""
        lines = [
            [visit.was.value, visit.start.isoformat() if visit.start else "", visit.chair_id]
            for visit in self.visits
        ]
        facts = [self.patient_id, self.site_id, self.protocol_version_id, lines, self.ended]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def numbers_of(visits: Sequence[EnteredVisit]) -> list[int]:
    """The number of each line."""
    found, number = [], 1
    for visit in visits:
        found.append(number)
        number += visit.was is not Was.MISSED
    return found


def disorder(visits: Sequence[EnteredVisit]) -> int | None:
    """The place (from 0) of the first line that does not come after the dated ones above it."""
    latest: EnteredVisit | None = None
    for place, visit in enumerate(visits):
        if visit.start is None:
            continue
        if latest and latest.start and not _follows(latest, latest.start, visit.start):
            return place
        latest = visit
    return None


def _follows(one: EnteredVisit, first: datetime, then: datetime) -> bool:
    """A replacement may follow on the day of the miss; else each visit has a day of its own."""
    return first < then if one.was is Was.MISSED else first.date() < then.date()

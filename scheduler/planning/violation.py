"""What a visit or a plan breaks, in a form a page can sort, and in words."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a visit cannot be where it is asked to be."""

    OFF_GRID = "off grid"
    NO_SUCH_TIME = "no such time"
    UNKNOWN_CHAIR = "unknown chair"
    CHAIR_TYPE = "chair type"
    OTHER_SITE = "other site"
    OUTSIDE_HORIZON = "outside horizon"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    CLOSURE = "closure"
    CHAIR_TAKEN = "chair taken"
    NO_CHAIR = "no chair free"
    NURSES_FULL = "nurses full"
    NO_CLINICIAN = "no clinician"
    PATIENT_HOURS = "outside the patient's hours"
    BLACKOUT = "blackout"
    NUMBERS = "numbers"
    TOO_SOON = "too soon"
    TOO_LATE = "too late"
    SPAN_SHORT = "span too short"
    SPAN_LONG = "span too long"
    FIRST_DAY_EARLY = "first day too early"
    FIRST_DAY_LATE = "first day too late"
    OBJECTIVE = "objective"


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule.

    rule: R1 to R13 of PLANNING.md; k: the visit it is about, None for the whole plan;
    words: one sentence; other: the neighbouring visit for a gap; days: by how many days a
    gap, span or first day misses its bound; reason: a closure's reason.
    """

    rule: str
    fault: Fault
    k: int | None
    words: str
    other: int | None = None
    days: int = 0
    reason: str = ""


def days_of(count: int) -> str:
    """ "1 day", "2 days"."""
    return f"{count} day" if count == 1 else f"{count} days"


def clock(minute: int) -> str:
    """A minute of the day as 09:30."""
    return f"{minute // 60:02}:{minute % 60:02}"

"""What somebody hands in when they record a rating."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.plan import Key
from scheduler.models import RatingSource


@dataclass(frozen=True)
class Place:
    """Whose rating it is, and in which zone and language it is written down."""

    course_id: int
    patient_id: int
    zone: ZoneInfo
    language: str


@dataclass(frozen=True)
class RatingEntry:
    """The answers to one instrument, None for each that was left out, and when they were given (aware).

    `replaces` is the id of the current rating that the person saw, None where they saw none; a correction
    needs `reason`. `key` makes the same answers, sent twice, count once. `language` is the one they were
    asked in.
    """

    slot: Slot
    instrument: Key
    answers: tuple[int | None, ...]
    rated_at: datetime
    language: str
    source: RatingSource = RatingSource.STAFF
    replaces: int | None = None
    reason: str | None = None
    key: str | None = None

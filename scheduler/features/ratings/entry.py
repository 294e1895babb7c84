"""What somebody hands in when they record a rating."""

from dataclasses import dataclass
from datetime import datetime

from scheduler.models import TimePoint


@dataclass(frozen=True)
class RatingEntry:
    """One answer: its time point, its value, when the patient gave it (aware), and what it corrects."""

    time_point: TimePoint
    value: int
    rated_at: datetime
    replaces: int | None = None
    reason: str | None = None

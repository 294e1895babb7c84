"""What somebody chose on the page of a consultation."""

from dataclasses import dataclass
from datetime import datetime

WAYS = {"in_person": "In person", "phone": "By phone", "video": "By video"}
"""How a consultation is held, in words for the staff."""


@dataclass(frozen=True)
class Place:
    """A time with a clinician, and the way it is held. `starts_at` is aware."""

    clinician_id: int
    starts_at: datetime
    way: str

"""What is asked for and what was done, when the visits of a course change."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Placement:
    """A visit at a chair and a local start at the site (naive wall time).

    `infusion_id` None makes a new row of that number: a replacement, or a visit of a resumed course.
    """

    number: int
    chair_id: int
    start: datetime
    infusion_id: int | None


@dataclass(frozen=True)
class Override:
    """Rules of spacing (R10, R11) that a clinician sets aside, with the reason. Never one of capacity."""

    rules: tuple[str, ...]
    reason: str
    approved_by_id: int


@dataclass(frozen=True)
class Done:
    """The change that stands now.

    `messages` were written to the patient; until `undo_until` it can be taken back; `replayed` where an
    earlier post of the same form had done it.
    """

    change_id: int
    course_id: int
    patient_id: int
    infusion_ids: tuple[int, ...]
    messages: int
    undo_until: datetime | None
    replayed: bool = False

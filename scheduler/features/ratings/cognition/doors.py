"""Where a patient does tasks: behind a link, or on a tablet."""

from dataclasses import dataclass

from scheduler.features.ratings.occasions import Slot
from scheduler.features.ratings.queries.links import Questions
from scheduler.models import RatingSource


@dataclass(frozen=True)
class Door:
    """Whose occasion it is, by which way; `key` begins the keys of its runs."""

    course_id: int
    slot: Slot
    source: RatingSource
    language: str
    key: str


def link_door(questions: Questions) -> Door:
    """The door of a link."""
    return _door(questions, RatingSource.PATIENT, f"link:{questions.link_id}")


def tablet_door(questions: Questions, kiosk_id: int) -> Door:
    """The door of a tablet, to the occasion that it asks now."""
    return _door(questions, RatingSource.KIOSK, f"kiosk:{kiosk_id}")


def _door(questions: Questions, source: RatingSource, key: str) -> Door:
    return Door(questions.course_id, questions.slot, source, questions.language, key)

"""The times that fit, found already for those who were not answered yet: one click on the list books one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.intake.consultations.free import times_for
from scheduler.features.intake.consultations.times import Slot
from scheduler.features.path.queries.queue import Line
from scheduler.models import RequestStatus

MOST_PEOPLE = 5
"""So many at the head of the list are looked for: further down the list is not acted on yet."""
EACH = 2
LOOKED = 6


@dataclass(frozen=True)
class Offer:
    """The way in which a consultation would be held, and times that nobody above on the list is offered."""

    way: str
    slots: Sequence[Slot]


def offers(session: Session, at: datetime, lines: Sequence[Line]) -> Mapping[int, Offer]:
    """By request; those who are under 18 and whose guardian is not named yet have none."""
    found: dict[int, Offer] = {}
    taken: set[tuple[int, datetime]] = set()
    for line in [line for line in lines if _can_book(line)][:MOST_PEOPLE]:
        asked = line.request
        way = "phone" if asked.way == "video" and not line.site.video_url else asked.way
        looked = times_for(session, at, line.site.id, asked.half_days, way, LOOKED)
        free = [slot for slot in looked if (slot.clinician_id, slot.starts_at) not in taken][:EACH]
        taken |= {(slot.clinician_id, slot.starts_at) for slot in free}
        found[asked.id] = Offer(way, free)
    return found


def _can_book(line: Line) -> bool:
    asked = line.request
    return (
        asked.status is RequestStatus.NEW
        and line.site.archived_at is None
        and not (asked.is_minor and not asked.guardian_name)
    )

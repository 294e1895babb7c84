"""An occasion of a course in an address: `baseline`, `pre-12`, `weekly-3`."""

import re

from scheduler.errors import NotFoundError
from scheduler.features.ratings.occasions import Slot
from scheduler.models import TimePoint

OF_COURSE = frozenset({TimePoint.BASELINE, TimePoint.WEEKLY})
WRITTEN = re.compile(r"([a-z]+(?:_[0-9a-z]+)*)(?:-([0-9]{1,9}))?")


def slot_name(slot: Slot) -> str:
    """The slot as it stands in an address."""
    behind = slot.infusion_id if slot.infusion_id is not None else slot.week
    return f"{slot.point.value}-{behind}" if behind else slot.point.value


def parse_slot(name: str) -> Slot:
    """The slot of a name. Raises NotFoundError for what names none."""
    found = WRITTEN.fullmatch(name)
    try:
        point = TimePoint(found[1]) if found else None
    except ValueError:
        point = None
    number = int(found[2] or 0) if found else 0
    if point is None or (number == 0) != (point is TimePoint.BASELINE):
        raise NotFoundError("There is no such rating.")
    if point is TimePoint.WEEKLY:
        return Slot(point, week=number)
    return Slot(point, number or None)

"""Time points in words, for staff."""

from collections.abc import Mapping

from scheduler.features.ratings.occasions import Slot
from scheduler.models import TimePoint

WHEN: Mapping[TimePoint, str] = {
    TimePoint.BASELINE: "before the first infusion",
    TimePoint.PRE: "before the infusion",
    TimePoint.POST_2H: "two hours after",
    TimePoint.DAY_1: "on the day after",
    TimePoint.DAY_2_7: "two to seven days after",
    TimePoint.WEEKLY: "in the weeks after",
}


def said(slot: Slot, number: int) -> str:
    """Such as `Before infusion no. 3`, `Week 2 after the last infusion`."""
    if slot.point is TimePoint.BASELINE:
        return "Before the first infusion"
    if slot.point is TimePoint.WEEKLY:
        return f"Week {slot.week} after the last infusion"
    words = {
        TimePoint.PRE: "Before infusion no. {}",
        TimePoint.POST_2H: "Two hours after infusion no. {}",
        TimePoint.DAY_1: "The day after infusion no. {}",
        TimePoint.DAY_2_7: "Two to seven days after infusion no. {}",
    }
    return words[slot.point].format(number)

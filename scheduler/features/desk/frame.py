"""The ten-minute slots that a day is drawn in.

Slots follow the wall clock, because the hours written above them do. On the day of a clock change a
visit across the change is therefore as long as the clock says, not as long as it lasts; times that stand
in words are always exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

SLOT = 10
MOST_HOURS = 18
DAY = 1440


@dataclass(frozen=True)
class Frame:
    """The hours drawn: whole ones, at most 18, which is as many as the stylesheet has places for."""

    first_hour: int
    hours: int

    @property
    def slots(self) -> int:
        """How many ten-minute slots are drawn."""
        return self.hours * 60 // SLOT

    @property
    def from_minute(self) -> int:
        """The first minute of the day that is drawn."""
        return self.first_hour * 60

    @property
    def to_minute(self) -> int:
        """The first minute of the day that is not drawn any more."""
        return self.from_minute + self.hours * 60

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """First slot (from 1) and length of minutes `start` to `end` of the day, None if outside."""
        low, high = max(start, self.from_minute), min(end, self.to_minute)
        if low >= high:
            return None
        first = (low - self.from_minute) // SLOT
        last = -(-(high - self.from_minute) // SLOT)
        return first + 1, last - first

    def slot_of(self, minute: float) -> float | None:
        """Slots since the first hour, a fraction too, or None outside the hours drawn."""
        if not self.from_minute <= minute < self.to_minute:
            return None
        return (minute - self.from_minute) / SLOT


def minute_of(moment: datetime, day: date) -> int:
    """Minutes of `day` on the wall clock of `moment`; 0 before the day and 1440 after it."""
    if moment.date() < day:
        return 0
    return DAY if moment.date() > day else moment.hour * 60 + moment.minute


def span_on(day: date, start: datetime, end: datetime) -> tuple[int, int]:
    """Minutes of `day` from `start` to `end`, both local. Where the clock went back, at least one slot."""
    low, high = minute_of(start, day), minute_of(end, day)
    return low, max(high, min(low + SLOT, DAY))


def frame_of(spans: Iterable[tuple[int, int]]) -> Frame:
    """The hours that hold all the spans of minutes: 8 to 18 for none, the first 18 of too many."""
    known = list(spans)
    if not known:
        return Frame(8, 10)
    first = min(start for start, _ in known) // 60
    last = -(-max(end for _, end in known) // 60)
    return Frame(first, max(1, min(last - first, MOST_HOURS)))

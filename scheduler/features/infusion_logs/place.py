"""Where and when a chart is written: the site's zone, the day of the visit, pounds or kilograms.

Times are written on the clinic's wall clock. One that the clocks skip is refused; one that happens twice is
told apart by a second word, which the page asks for on such days.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler.errors import RuleError

FIRST, SECOND = "first", "second"
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::[0-5][0-9])?")


@dataclass(frozen=True)
class Place:
    """What is needed to read and to show a value at one site on one day."""

    tz: str
    day: date
    pounds: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.tz)

    @property
    def repeats(self) -> bool:
        """Whether an hour of the day happens twice there."""
        begin = datetime.combine(self.day, time(), self.zone)
        end = datetime.combine(self.day + timedelta(days=1), time(), self.zone)
        return (end.utcoffset() or timedelta()) < (begin.utcoffset() or timedelta())

    def instant(self, text: str) -> datetime:
        """The instant of `10:30`, or of `01:30 second` where that is needed. Raises RuleError."""
        clock, _, which = text.partition(" ")
        found = CLOCK.fullmatch(clock)
        if found is None:
            raise RuleError("Write the time as hours and minutes, such as 10:40.")
        wall = datetime.combine(self.day, time(int(found[1]), int(found[2])))
        first, second = (wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        if first.astimezone(self.zone).replace(tzinfo=None) != wall:
            raise RuleError(f"{clock} did not exist on that day: the clocks went forward. Write another.")
        if first != second and which not in (FIRST, SECOND):
            raise RuleError(f"{clock} happened twice on that day: the clocks went back. Choose which it was.")
        return second if which == SECOND else first

    def clock(self, moment: datetime) -> str:
        """`10:30`; with `first` or `second` behind it where that time happened twice."""
        local = moment.astimezone(self.zone)
        twin = local.replace(fold=1 - local.fold)
        if twin.utcoffset() == local.utcoffset() or local.date() != self.day:
            return f"{local:%H:%M}"
        return f"{local:%H:%M} {SECOND if local.fold else FIRST}"

    def on(self, moment: datetime) -> str:
        """`2 Nov 2026, 10:30`."""
        local = moment.astimezone(self.zone)
        return f"{local.day} {local:%b %Y, %H:%M}"

    def said(self, moment: datetime) -> str:
        """`10:30`, on a day of two such hours `01:30 EST`."""
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M %Z}" if self.repeats else f"{local:%H:%M}"

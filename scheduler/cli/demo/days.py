"""Days and hours around the day the clinic is made for.

Everything in the demo is placed against `today`, the date at the clinic, so that a clinic made on any
day is in the middle of its work.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TZ = "America/New_York"
ZONE = ZoneInfo(TZ)
OPENED_DAYS_AGO = 240
HORIZON = (-125, 130)
"""The days around today in which a demo visit can lie."""


@dataclass(frozen=True)
class Calendar:
    """The instant the clinic is made for; `today` is its date at the clinic."""

    now: datetime

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(ZONE).date()

    @property
    def morning(self) -> datetime:
        """When today began. What was booked or changed before does not hang on the hour of `now`."""
        return at(self.today, 0)

    @property
    def opened(self) -> datetime:
        """When the clinic began to use the program."""
        return at(self.day(-OPENED_DAYS_AGO), 9 * 60)

    def day(self, offset: int) -> date:
        """The date so many days from today."""
        return self.today + timedelta(days=offset)

    def workday(self, offset: int) -> date:
        """The first Monday to Friday from so many days from today on."""
        day = self.day(offset)
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day

    def next_week(self) -> list[date]:
        """Monday to Friday of the coming week."""
        monday = self.day(7 - self.today.weekday())
        return [monday + timedelta(days=n) for n in range(5)]


def at(day: date, minute: int) -> datetime:
    """The instant of a local minute of a day at the clinic, in UTC."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=ZONE).astimezone(UTC)

"""The hours in which a reminder may reach somebody: 08:00 to 21:00 where they are (CLINICAL.md 6)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

FROM, UNTIL = time(8), time(21)


def next_allowed(instant: datetime, tz: str) -> datetime:
    """Give the instant itself if it lies in the allowed hours of the zone, else the next 08:00 there."""
    local = instant.astimezone(ZoneInfo(tz))
    if FROM <= local.time() < UNTIL:
        return instant
    day = local.date() + timedelta(days=0 if local.time() < FROM else 1)
    return datetime.combine(day, FROM, tzinfo=ZoneInfo(tz)).astimezone(instant.tzinfo)


def last_allowed(instant: datetime, tz: str) -> datetime:
    """Give the instant itself if it lies in the allowed hours of the zone, else the 21:00 that ended them."""
    local = instant.astimezone(ZoneInfo(tz))
    if FROM <= local.time() < UNTIL:
        return instant
    day = local.date() - timedelta(days=1 if local.time() < FROM else 0)
    return datetime.combine(day, UNTIL, tzinfo=ZoneInfo(tz)).astimezone(instant.tzinfo)

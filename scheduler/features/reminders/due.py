"""When a reminder of a visit goes out: pure, from the visit's times and the rule."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.features.outbox.quiet import last_allowed, next_allowed

USEFUL_FOR = timedelta(hours=12)
NEAR_A_CHANGE = timedelta(hours=3)
"""So close to a clock change a wall time may not exist, or twice: visits are looked for a little wider."""


@dataclass(frozen=True)
class Due:
    """From when to when a reminder may go out, as instants."""

    due_at: datetime
    expires_at: datetime


def due_of(
    starts_at: datetime, scheduled_at: datetime, site_tz: str, patient_tz: str | None, days_before: int
) -> Due | None:
    """Say when the reminder is due: the visit's wall time that many local days before, in allowed hours.

    `scheduled_at` is when this version of the schedule was made: a reminder that lies before it is not
    created, and None is given. Of no use 12 hours later, nor once the visit has begun.
    """
    wall = starts_at.astimezone(ZoneInfo(site_tz))
    # Counted in local days on the wall clock: across a clock change it stays at the same hour.
    before = (wall.replace(tzinfo=None) - timedelta(days=days_before)).replace(tzinfo=ZoneInfo(site_tz))
    due_at = next_allowed(before.astimezone(UTC), patient_tz or site_tz)
    if due_at < scheduled_at or due_at >= starts_at:
        return None
    return Due(due_at, min(due_at + USEFUL_FOR, starts_at))


def starts_between(
    since: datetime, now: datetime, site_tz: str, patient_tz: str | None, days_before: int
) -> tuple[datetime, datetime] | None:
    """Between which instants the visits begin whose reminder falls due after `since`, until `now`.

    None where none can: at night. The turn of `due_of`, so that a tick looks at the visits of one tick and
    not at all that are ahead; near a clock change it is wider than need be, never narrower.
    """
    tz = patient_tz or site_tz
    first, last = last_allowed(since, tz), last_allowed(now, tz)
    if first == last:
        return None
    return _ahead(first, site_tz, days_before)[0], _ahead(last, site_tz, days_before)[1]


def _ahead(instant: datetime, tz: str, days: int) -> tuple[datetime, datetime]:
    """The instant of the same wall time so many days later; two that hold it where clocks change."""
    zone = ZoneInfo(tz)
    wall = instant.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    slack = timedelta(0) if _is_steady(instant, zone) and _is_steady(found, zone) else NEAR_A_CHANGE
    return found - slack, found + slack


def _is_steady(instant: datetime, zone: ZoneInfo) -> bool:
    before, after = (instant - NEAR_A_CHANGE).astimezone(zone), (instant + NEAR_A_CHANGE).astimezone(zone)
    return before.utcoffset() == after.utcoffset()


def dedupe_key(infusion_id: int, schedule_version: int, days_before: int, channel: str = "email") -> str:
    """Name the one reminder of a visit's schedule version, offset and channel."""
    return f"reminder:infusion:{infusion_id}:v{schedule_version}:{days_before}d:{channel}"

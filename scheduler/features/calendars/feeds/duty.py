"""Which visits happen while one clinician is on duty at their site."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.calendars.feeds.rows import FeedRow
from scheduler.features.capacity.queries.duty import laid_over
from scheduler.models import Duty, DutyException, DutyPattern


def on_duty(
    session: Session, user_id: int, zones: Mapping[int, str], rows: Sequence[FeedRow]
) -> list[FeedRow]:
    """Those of `rows` that touch a stretch of the person's duty as a clinician; `zones` by site."""
    if not rows:
        return []
    days = [row.local_day for row in rows]
    there = _stretches(session, user_id, zones, min(days), max(days))
    return [
        row
        for row in rows
        if any(
            begin < row.ends_at and row.starts_at < end for begin, end in there[row.site_id, row.local_day]
        )
    ]


def _stretches(
    session: Session, user_id: int, zones: Mapping[int, str], first: date, last: date
) -> Mapping[tuple[int, date], list[tuple[datetime, datetime]]]:
    """From when until when the person is there, by site and day."""
    patterns = session.scalars(
        select(DutyPattern)
        .where(DutyPattern.user_id == user_id, DutyPattern.duty == Duty.CLINICIAN)
        .order_by(DutyPattern.id)
    )
    exceptions = session.scalars(
        select(DutyException)
        .where(
            DutyException.user_id == user_id,
            DutyException.duty == Duty.CLINICIAN,
            DutyException.day >= first,
            DutyException.day <= last,
        )
        .order_by(DutyException.day, DutyException.id)
    )
    found = defaultdict(list)
    for stretch in laid_over(
        [(row, None) for row in patterns], [(row, None) for row in exceptions], frozenset(zones), first, last
    ):
        zone = ZoneInfo(zones[stretch.site_id])
        span = (_at(stretch.day, stretch.from_minute, zone), _at(stretch.day, stretch.to_minute, zone))
        found[stretch.site_id, stretch.day].append(span)
    return found


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant of a wall time; minute 1440 is the next midnight."""
    return datetime.combine(day, time(), zone) + timedelta(minutes=minute)

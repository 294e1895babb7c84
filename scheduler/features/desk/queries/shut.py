"""When a site or a chair is shut on one day: outside its hours, on holidays, in closures."""

import itertools
from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from scheduler.features.desk.facts import ShutFact
from scheduler.features.desk.frame import DAY, span_on
from scheduler.features.desk.queries.visits import midnight
from scheduler.models import Closure, Site


def open_spans(site: Site, day: date) -> list[tuple[int, int]]:
    """The site's regular hours on the weekday of `day`: minutes, half-open, in order."""
    return [(row.from_minute, row.to_minute) for row in site.hours if row.weekday == day.weekday()]


def shut_of_day(site: Site, day: date, holiday: str | None, closures: Iterable[Closure]) -> list[ShutFact]:
    """What is shut on `day`: the whole day for a holiday, closures with their reason, breaks in the hours."""
    found = [ShutFact(0, DAY, holiday)] if holiday else []
    zone = ZoneInfo(site.tz)
    begin, end = midnight(site.tz, day), midnight(site.tz, day + timedelta(days=1))
    for closure in closures:
        if closure.starts_at < end and closure.ends_at > begin:
            start, stop = closure.starts_at.astimezone(zone), closure.ends_at.astimezone(zone)
            found.append(ShutFact(*span_on(day, start, stop), closure.reason, closure.chair_id))
    if not holiday:
        found += _breaks(open_spans(site, day))
    return found


def _breaks(spans: Iterable[tuple[int, int]]) -> list[ShutFact]:
    """The time between two open stretches of one day."""
    known = sorted(spans)
    return [
        ShutFact(end, start, "Closed") for (_, end), (start, _) in itertools.pairwise(known) if end < start
    ]

"""Requests that came in a time: how far they went, and how long each step took."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.sql import midnight
from scheduler.models import ConsultationRequest, Course, RequestEvent, RequestStatus, Site

S, R = RequestStatus, ConsultationRequest
REACHED = (S.CONTACTED, S.BOOKED, S.SEEN, S.SUITABLE)
SOURCES = {"page": "The public page", "desk": "The desk"}
STEPS = ("Answered", "Consultation booked", "Consultation held", "Suitable", "Course booked")


@dataclass(frozen=True)
class Way:
    """The way of one request. `reached` are the instants of `STEPS`, None where it did not get there.

    Who was booked without a call was answered by that; so with each step that was left out. `decided` is when
    a clinician said anything, `ended` that it has ended without a course.
    """

    site: str
    month: str
    source: str
    received: datetime
    reached: tuple[datetime | None, ...]
    decided: datetime | None
    ended: bool


@dataclass(frozen=True)
class WayLine:
    """Requests under one label: how many asked, how many reached each of `STEPS`, how many ended."""

    label: str
    asked: int
    reached: tuple[int, ...]
    ended: int
    days_to_consultation: float | None

    def share(self, step: int) -> int:
        """Per cent of those who asked."""
        return round(100 * self.reached[step] / self.asked) if self.asked else 0


@dataclass(frozen=True)
class Wait:
    """How many days one part of the way took: half of them at most `median`, nine of ten at most `p90`."""

    label: str
    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class RequestsReport:
    """By month, by site and by source; all of them; and the waiting times."""

    months: list[WayLine]
    sites: list[WayLine]
    sources: list[WayLine]
    whole: WayLine
    waits: list[Wait]


def requests_report(session: Session, cover: Cover) -> RequestsReport:
    """Count the requests that were received on the days of `cover`; erased ones count, too."""
    ways = [way for site in cover.sites for way in _ways(session, site, cover)]
    return RequestsReport(
        months=_lines(ways, lambda way: way.month),
        sites=_lines(ways, lambda way: way.site),
        sources=_lines(ways, lambda way: way.source),
        whole=_line("All requests", ways),
        waits=_waits(ways),
    )


def _ways(session: Session, site: Site, cover: Cover) -> list[Way]:
    event = RequestEvent
    firsts = [func.min(case((event.step == status.value, event.at))) for status in REACHED]
    decided = func.min(
        case((event.step.in_([S.SUITABLE.value, S.NOT_NOW.value, S.REFERRED.value]), event.at))
    )
    booked = (
        select(func.min(Course.booked_at))
        .where(Course.patient_id == R.patient_id, Course.booked_at >= R.received_at)
        .correlate(R)
        .scalar_subquery()
    )
    first = midnight(site.tz, cover.first)
    last = midnight(site.tz, cover.last + timedelta(days=1))
    rows = session.execute(
        select(R.source, R.received_at, R.status, booked, decided, *firsts)
        .outerjoin(event, event.request_id == R.id)
        .where(and_(R.site_id == site.id, R.received_at >= first, R.received_at < last))
        .group_by(R.id)
        .order_by(R.received_at, R.id)
    )
    return [_way(site, *row) for row in rows]


def _way(
    site: Site,
    source: str,
    received: datetime,
    status: RequestStatus,
    course: datetime | None,
    decided: datetime | None,
    *firsts: datetime | None,
) -> Way:
    reached: list[datetime | None] = [*firsts, course if firsts[-1] else None]
    for at in range(len(reached) - 2, -1, -1):
        later = [each for each in reached[at:] if each is not None]
        reached[at] = min(later, default=None)
    month = f"{received.astimezone(ZoneInfo(site.tz)):%Y-%m}"
    ended = status in (S.NOT_NOW, S.REFERRED, S.CLOSED)
    return Way(site.name, month, SOURCES[source], received, tuple(reached), decided, ended)


def _lines(ways: Sequence[Way], by: Callable[[Way], str]) -> list[WayLine]:
    groups: dict[str, list[Way]] = {}
    for way in ways:
        groups.setdefault(by(way), []).append(way)
    return [_line(label, groups[label]) for label in sorted(groups)]


def _line(label: str, ways: Sequence[Way]) -> WayLine:
    counts = tuple(sum(way.reached[step] is not None for way in ways) for step in range(len(STEPS)))
    held = _days((way.received, way.reached[2]) for way in ways)
    return WayLine(
        label, len(ways), counts, sum(way.ended for way in ways), round(median(held), 1) if held else None
    )


def _waits(ways: Sequence[Way]) -> list[Wait]:
    parts: dict[str, list[tuple[datetime | None, datetime | None]]] = {
        "From asking to the first answer": [(way.received, way.reached[0]) for way in ways],
        "From asking to the consultation": [(way.received, way.reached[2]) for way in ways],
        "From the consultation to the decision": [(way.reached[2], way.decided) for way in ways],
        "From suitable to the booked course": [(way.reached[3], way.reached[4]) for way in ways],
        "From asking to the booked course": [(way.received, way.reached[4]) for way in ways],
    }
    return [_wait(label, _days(pairs)) for label, pairs in parts.items()]


def _wait(label: str, days: Sequence[float]) -> Wait:
    if not days:
        return Wait(label, 0, None, None)
    ordered = sorted(days)
    nine_of_ten = ordered[ceil(0.9 * len(ordered)) - 1]
    return Wait(label, len(ordered), round(median(ordered), 1), round(nine_of_ten, 1))


def _days(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> list[float]:
    """The days between the instants of each pair that has both."""
    return [
        max(0.0, (end - start) / timedelta(days=1))
        for start, end in pairs
        if start is not None and end is not None
    ]

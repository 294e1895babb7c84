"""Another day for one visit of a booked course, found by the planner within the course's own rules."""

from datetime import UTC, date, datetime, timedelta

from scheduler.cli.demo.diary import Diary
from scheduler.features.capacity.ground import type_name
from scheduler.features.courses.wishes import Wishes
from scheduler.models import Course, Infusion
from scheduler.planning import PlannedInfusion, Protocol, Request


def another_day(diary: Diary, course: Course, row: Infusion, first: date) -> PlannedInfusion | None:
    """Room for `row`, which is not the course's first visit, on a day from `first` on.

    Gaps and span stay within the protocol; None where no such day has room, or the best is its own.
    """
    days = _days_between(course, row, first)
    if days is None:
        return None
    wishes = Wishes.from_json(course.wishes)
    kind = type_name(course.protocol_version_id)
    request = Request(
        id=str(row.id),
        sites=(str(course.site_id),),
        protocol=Protocol(n=1, types=(kind,), gap_min=1, gap_max=1, gap_target=1, span_min=1, span_max=1),
        first_day_min=days[0],
        first_day_max=days[1],
        availability=wishes.availability(),
        preference=wishes.preference(),
    )
    plan = diary.plan(request)
    return None if plan is None or plan.days[0] == row.local_day else plan.infusions[0]


def put(row: Infusion, planned: PlannedInfusion, like: Infusion, when: datetime) -> None:
    """Place `row` there, as long as `like` and with its turnover; the schedule was made at `when`."""
    length, turnover = like.ends_at - like.starts_at, like.chair_until - like.ends_at
    row.chair_id = int(planned.chair)
    row.starts_at = planned.start.astimezone(UTC)
    row.ends_at = row.starts_at + length
    row.chair_until = row.ends_at + turnover
    row.local_day = planned.day
    row.scheduled_at = when
    row.ics_dtstamp = when.replace(microsecond=0)


def _days_between(course: Course, row: Infusion, first: date) -> tuple[date, date] | None:
    """The first and last day from `first` on that keep the gaps to both neighbours and the span."""
    version = course.protocol_version
    days = [visit.local_day for visit in course.infusions]
    place = course.infusions.index(row)
    low = days[place - 1] + timedelta(version.gap_min)
    high = days[place - 1] + timedelta(version.gap_max)
    if place + 1 < len(days):
        low = max(low, days[place + 1] - timedelta(version.gap_max))
        high = min(high, days[place + 1] - timedelta(version.gap_min))
    else:
        low = max(low, days[0] + timedelta(version.span_min - 1))
        high = min(high, days[0] + timedelta(version.span_max - 1))
    low = max(low, first)
    return (low, high) if low <= high else None

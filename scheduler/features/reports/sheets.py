"""The tables of the reports as files, one for each, by the name in its address."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.grid import share
from scheduler.features.reports.queries.courses import courses_report
from scheduler.features.reports.queries.missed import WEEKDAYS, missed_report
from scheduler.features.reports.queries.requests import STEPS, requests_report
from scheduler.features.reports.queries.use import use_report
from scheduler.rendering.sheet import Cell, sheet

Rows = Iterable[Sequence[Cell]]
USE = (
    "chair hours used", "chair hours open", "chair %", "nurse hours used", "nurse hours on duty", "nurse %",
)  # fmt: skip


def _use(session: Session, cover: Cover) -> bytes:
    hours = use_report(session, cover).hours
    rows = (
        (day, f"{hour:02d}:00", *_six(tuple(float(table[at, hour]) for table in hours.tables)))
        for at, day in enumerate(WEEKDAYS)
        for hour in range(24)
        if any(table[at, hour] for table in hours.tables)
    )
    return sheet(("weekday", "hour", *USE), rows)


def _weeks(session: Session, cover: Cover) -> bytes:
    found = use_report(session, cover)
    rows = (
        (f"{monday}", visits, *_six(tuple(float(table[at]) for table in found.weeks.tables)))
        for at, (monday, visits) in enumerate(zip(found.mondays, found.visits, strict=True))
    )
    return sheet(("week of", "visits", *USE), rows)


def _six(numbers: tuple[float, ...]) -> tuple[Cell, ...]:
    chairs, open_, nurses, there = (round(number, 2) for number in numbers)
    return chairs, open_, share(chairs, open_), nurses, there, share(nurses, there)


def _missed(session: Session, cover: Cover) -> bytes:
    found = missed_report(session, cover)
    groups = (("weekday", found.weekdays), ("hour", found.hours), ("booked before", found.leads))
    rows = [
        (group, line.label, line.visits, line.missed, line.cancelled, line.came, line.late)
        for group, lines in (*groups, ("all", [found.whole]))
        for line in lines
    ]
    return sheet(("by", "group", "visits", "missed", "cancelled", "came", "late"), rows)


def _courses(session: Session, cover: Cover) -> bytes:
    found = courses_report(session, cover)
    rows = [
        (
            line.label, line.booked, line.finished, line.as_planned, line.mean_span, line.visits, line.moved,
            line.gone, line.running, line.on_hold, line.discontinued,
        )
        for line in (*found.lines, found.whole)
    ]  # fmt: skip
    head = (
        "protocol", "booked", "finished", "finished as planned", "mean days first to last visit", "visits",
        "moved visits", "missed or cancelled visits", "running", "on hold", "discontinued",
    )  # fmt: skip
    return sheet(head, rows)


def _requests(session: Session, cover: Cover) -> bytes:
    found = requests_report(session, cover)
    groups = (("month", found.months), ("site", found.sites), ("source", found.sources))
    rows = [
        (group, line.label, line.asked, *line.reached, line.ended, line.days_to_consultation)
        for group, lines in (*groups, ("all", [found.whole]))
        for line in lines
    ]
    steps = (step.lower() for step in STEPS)
    return sheet(("by", "group", "asked", *steps, "ended", "median days to the consultation"), rows)


def _waits(session: Session, cover: Cover) -> bytes:
    rows = [(wait.label, wait.count, wait.median, wait.p90) for wait in requests_report(session, cover).waits]
    return sheet(("part of the way", "requests", "median days", "days of nine in ten"), rows)


SHEETS: dict[str, Callable[[Session, Cover], bytes]] = {
    "use": _use,
    "weeks": _weeks,
    "missed": _missed,
    "courses": _courses,
    "requests": _requests,
    "waiting-times": _waits,
}

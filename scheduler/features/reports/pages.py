"""The reports: what each is called, and what its page is filled with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.grid import share
from scheduler.features.reports.heat import heat_map
from scheduler.features.reports.queries.courses import courses_report
from scheduler.features.reports.queries.missed import missed_report
from scheduler.features.reports.queries.requests import STEPS, requests_report
from scheduler.features.reports.queries.use import UseReport, use_report


@dataclass(frozen=True)
class ReportPage:
    """One report. `about` says in a sentence what is counted, `read` gives what its template shows."""

    title: str
    about: str
    read: Callable[[Session, Cover], dict[str, Any]]


def _use(session: Session, cover: Cover) -> dict[str, Any]:
    found = use_report(session, cover)
    hours = found.hours
    return {
        "chairs": heat_map(hours.chairs_used, hours.chairs_open),
        "nurses": heat_map(hours.nurses_used, hours.nurses_there),
        "weeks": _weeks(found),
        "total": sum(found.visits),
    }


def _weeks(found: UseReport) -> list[tuple[Any, ...]]:
    """Monday, visits, then for chairs and for nurses: hours used, hours there, and the share."""
    rows = []
    for at, (monday, visits) in enumerate(zip(found.mondays, found.visits, strict=True)):
        chairs, open_, nurses, there = (float(table[at]) for table in found.weeks.tables)
        rows.append(
            (
                monday, visits, round(chairs), round(open_), share(chairs, open_),
                round(nurses), round(there), share(nurses, there),
            )
        )  # fmt: skip
    return rows


def _missed(session: Session, cover: Cover) -> dict[str, Any]:
    found = missed_report(session, cover)
    return {"found": found, "total": found.whole.visits}


def _courses(session: Session, cover: Cover) -> dict[str, Any]:
    found = courses_report(session, cover)
    return {"found": found, "total": found.whole.booked}


def _requests(session: Session, cover: Cover) -> dict[str, Any]:
    found = requests_report(session, cover)
    return {"found": found, "total": found.whole.asked, "steps": STEPS}


PAGES: dict[str, ReportPage] = {
    "use": ReportPage("Chairs and nurses", "How much of the chairs and of the nurses the visits take.", _use),
    "missed": ReportPage("Missed and late", "Visits that were missed, cancelled or begun late.", _missed),
    "courses": ReportPage(
        "Courses", "Courses that were booked in this time, and what became of them.", _courses
    ),
    "requests": ReportPage(
        "Requests",
        "Who asked for a consultation in this time, how far it led and how long it took.",
        _requests,
    ),
}

"""The chart as an emergency needs it: what the person must not get, what was given, and how it went."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.emergency.queries import OpenChart
from scheduler.features.review.paper import tables
from scheduler.features.review.paper.frame import cautions_said
from scheduler.features.review.paper.parts import Table, VisitSheet
from scheduler.features.review.paper.visit import visit_sheet
from scheduler.features.review.paper.wall import Wall, said_day
from scheduler.features.review.queries.record import course_record
from scheduler.rendering.canonical import Facts


@dataclass(frozen=True)
class CourseSheet:
    """One course: its tables, and the newest infusion whose log was begun, if there is one."""

    title: str
    tables: tuple[Table, ...]
    newest: VisitSheet | None


@dataclass(frozen=True)
class Sheet:
    """All that the page shows. `cautions` are pairs of a kind and its words."""

    cautions: tuple[tuple[str, str], ...]
    courses: tuple[CourseSheet, ...]


def sheet_of(session: Session, found: OpenChart, now: datetime) -> Sheet:
    """The sheet of an opened chart, the newest course first."""
    records = [course_record(session, course_id, now) for course_id in found.course_ids]
    said = cautions_said(records[0]) if records else []
    courses = []
    for record in records:
        wall = Wall(record["site"]["tz"])
        charted = [visit for visit in record["visits"] if visit["log"]]
        courses.append(
            CourseSheet(
                _title(record),
                (
                    tables.medicines(record, wall),
                    tables.infusions(record, wall),
                    tables.ratings(record, wall),
                ),
                visit_sheet(charted[-1], wall) if charted else None,
            )
        )
    return Sheet(tuple(said), tuple(courses))


def _title(record: Facts) -> str:
    """`Loading, 3 × week, from 2 Nov 2026, active`."""
    first = next((f", from {said_day(visit['day'])}" for visit in record["visits"]), "")
    return f"{record['protocol']['name']}{first}, {record['course']['status'].replace('_', ' ')}"

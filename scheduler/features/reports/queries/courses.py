"""Courses that were booked in a time, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.sql import bounds
from scheduler.models import Site

# A course is as planned when it was finished, every visit kept the time it was booked for, none was missed or
# cancelled, it has as many visits as its protocol (a stopped infusion that does not count is followed by one
# more), and all of them lie within the span of its protocol.
QUERY = """
    SELECT p.name, count(*) AS booked,
      sum(CASE WHEN c.status = 'completed' THEN 1 ELSE 0 END) AS finished,
      sum(CASE WHEN c.status = 'completed' AND v.moved + v.gone = 0
            AND v.visits = pv.infusions AND v.span <= pv.span_max
          THEN 1 ELSE 0 END) AS as_planned,
      sum(CASE WHEN c.status = 'completed' THEN v.span ELSE 0 END) AS span,
      sum(v.moved) AS moved, sum(v.gone) AS gone, sum(v.visits) AS visits,
      sum(CASE WHEN c.status = 'active' THEN 1 ELSE 0 END) AS running,
      sum(CASE WHEN c.status = 'on_hold' THEN 1 ELSE 0 END) AS on_hold,
      sum(CASE WHEN c.status = 'discontinued' THEN 1 ELSE 0 END) AS discontinued
    FROM courses c
      JOIN protocol_versions pv ON pv.id = c.protocol_version_id
      JOIN protocols p ON p.id = pv.protocol_id
      JOIN (
        SELECT i.course_id, count(*) AS visits,
          sum(CASE WHEN i.schedule_version > 1 AND i.status NOT IN ('missed', 'cancelled')
              THEN 1 ELSE 0 END) AS moved,
          sum(CASE WHEN i.status IN ('missed', 'cancelled') THEN 1 ELSE 0 END) AS gone,
          {days}(max(CASE WHEN i.status = 'completed' THEN i.local_day END))
            - {days}(min(CASE WHEN i.status = 'completed' THEN i.local_day END)) + 1 AS span
        FROM courses b JOIN infusions i ON i.course_id = b.id
        WHERE b.site_id = :site AND b.booked_at >= :first AND b.booked_at < :last
        GROUP BY i.course_id
      ) v ON v.course_id = c.id
    WHERE NOT c.entered
    GROUP BY p.name, p.position ORDER BY p.position, p.name
"""
# Whole days that can be subtracted from one another.
DAYS = {"sqlite": "julianday", "postgresql": "date"}


@dataclass(frozen=True)
class CourseLine:
    """The courses of one protocol; `span` sums the days from first to last visit of finished ones."""

    label: str
    booked: int = 0
    finished: int = 0
    as_planned: int = 0
    span: int = 0
    moved: int = 0
    gone: int = 0
    visits: int = 0
    running: int = 0
    on_hold: int = 0
    discontinued: int = 0

    @property
    def mean_span(self) -> float | None:
        """Days from the first visit to the last, both counted, in the mean; None where none is finished."""
        return round(self.span / self.finished, 1) if self.finished else None

    def plus(self, other: "CourseLine") -> "CourseLine":
        """These and the others, under this label."""
        pairs = zip(self.numbers, other.numbers, strict=True)
        return CourseLine(self.label, *(one + two for one, two in pairs))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The counts in the order of the class."""
        return (
            self.booked, self.finished, self.as_planned, self.span, self.moved, self.gone, self.visits,
            self.running, self.on_hold, self.discontinued,
        )  # fmt: skip


@dataclass(frozen=True)
class CoursesReport:
    """A line for each protocol, and all of them."""

    lines: list[CourseLine]
    whole: CourseLine


def courses_report(session: Session, cover: Cover) -> CoursesReport:
    """Count the courses that were booked on the days of `cover`; those entered from elsewhere don't count."""
    found: dict[str, CourseLine] = {}
    for site in cover.sites:
        for line in _site_lines(session, site, cover):
            found[line.label] = found[line.label].plus(line) if line.label in found else line
    whole = CourseLine("All courses")
    for line in found.values():
        whole = whole.plus(line)
    return CoursesReport(list(found.values()), whole)


def _site_lines(session: Session, site: Site, cover: Cover) -> list[CourseLine]:
    query = QUERY.format(days=DAYS[session.connection().dialect.name])
    values: dict[str, datetime | str | int] = bounds(session, site, cover)
    rows = session.connection().execute(text(query), values)
    return [CourseLine(name, *(int(number or 0) for number in numbers)) for name, *numbers in rows]

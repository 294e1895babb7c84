"""The courses of the outcomes as arrays, one entry for each course."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.plan import plan_of
from scheduler.features.ratings.timing import infusion_phase
from scheduler.features.reports.outcomes.cells import Whole
from scheduler.features.reports.outcomes.filters import Filters
from scheduler.features.reports.queries.sql import bounds, columns, epoch
from scheduler.models import ProtocolVersion

OPEN, COMPLETED, DISCONTINUED = 0, 1, 2
# A course belongs to the day of its first infusion. What was entered from elsewhere began unseen.
COURSES = """
    SELECT c.id, c.patient_id, c.protocol_version_id,
      CASE c.status WHEN 'completed' THEN 1 WHEN 'discontinued' THEN 2 ELSE 0 END,
      {begun}, v.given
    FROM courses c
      JOIN protocol_versions pv ON pv.id = c.protocol_version_id
      JOIN (
        SELECT i.course_id, min(i.starts_at) AS first_at,
          min(coalesce(i.started_at, i.starts_at)) AS begun_at,
          sum(CASE WHEN i.status = 'completed' AND (NOT i.stopped_early OR i.counts)
              THEN 1 ELSE 0 END) AS given
        FROM infusions i
        WHERE i.site_id = :site AND i.status IN ('in_progress', 'completed')
        GROUP BY i.course_id
      ) v ON v.course_id = c.id
    WHERE NOT c.entered AND v.first_at >= :first AND v.first_at < :last AND {protocol}
"""
ONE_PROTOCOL, MORE_THAN_ONE = "pv.protocol_id = :protocol", "pv.infusions > 1"


@dataclass(frozen=True, eq=False)
class Cohort:
    """Courses in the order of their numbers. `began_at` is when the first infusion itself began, in seconds
    since 1970; `given` how many infusions count. `primaries` is the primary instrument by protocol version.
    """

    ids: Whole
    patients: Whole
    versions: Whole
    status: Whole
    began_at: Whole
    given: Whole
    primaries: dict[int, str]

    def at(self, course_ids: Whole) -> tuple[Whole, Whole]:
        """Which entries of `course_ids` are courses of these, and the place of each of those here."""
        place = np.searchsorted(self.ids, course_ids)
        place[place == len(self.ids)] = 0
        known = np.flatnonzero(self.ids[place] == course_ids) if len(self.ids) else np.zeros(0, np.int64)
        return known, place[known]


def cohort_of(session: Session, filters: Filters) -> Cohort:
    """All courses that `filters` cover, at all their sites."""
    found = [_site_courses(session, filters, at) for at in range(len(filters.cover.sites))]
    table = np.concatenate(found, axis=1)
    ids, patients, versions, status, visit_at, given = table[:, np.argsort(table[0])]
    known = {row.id: row for row in session.scalars(select(ProtocolVersion).order_by(ProtocolVersion.id))}
    before = np.array([_seconds_before(known[number]) for number in versions.tolist()], np.int64)
    primaries = {number: plan_of(row.rating_plan).primary for number, row in known.items()}
    return Cohort(ids, patients, versions, status, visit_at + before, given, primaries)


def _site_courses(session: Session, filters: Filters, at: int) -> Whole:
    query = COURSES.format(
        begun=epoch(session, "v.begun_at"),
        protocol=ONE_PROTOCOL if filters.protocol_id else MORE_THAN_ONE,
    )
    values = bounds(session, filters.cover.sites[at], filters.cover)
    if filters.protocol_id:
        values["protocol"] = filters.protocol_id
    return np.array(list(columns(session, query, values, 6)))


def _seconds_before(version: ProtocolVersion) -> int:
    """From the beginning of a visit to that of the infusion itself."""
    phases = version.phases
    return 60 * sum(phase.minutes for phase in phases[: infusion_phase(phases)])

"""Courses with their visits, ratings, short tasks, medicines, signatures and addenda."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.courses.actions.unenter import BY_MISTAKE as MISTAKE
from scheduler.features.interchange.queries.logs import logs
from scheduler.features.interchange.queries.ratings import ratings
from scheduler.features.interchange.queries.signatures import Signed, signed
from scheduler.features.interchange.queries.tasks import task_runs
from scheduler.models import Course as CourseRow
from scheduler.models import CourseMedicine, Infusion, ProtocolVersion
from scheduler.rendering.fhir.facts import Course, Log, Medicine, Site, Visit
from scheduler.rendering.fhir.visits import BY_MISTAKE


def courses(session: Session, rows: Sequence[CourseRow], at: dict[int, Site]) -> list[Course]:
    """The courses of `rows` in their order; `at` are all sites by id."""
    ids = [row.id for row in rows]
    found = session.scalars(
        select(Infusion)
        .where(Infusion.course_id.in_(ids))
        .order_by(Infusion.course_id, Infusion.starts_at, Infusion.id)
    ).all()
    visits = defaultdict(list)
    beside = signed(session, ids)
    charted = logs(session, [visit.id for visit in found])
    for visit in found:
        visits[visit.course_id].append(
            _visit(visit, charted.get(visit.id), beside[visit.course_id, visit.id])
        )
    numbers = {visit.id: visit.number for visit in found}
    rated, runs = ratings(session, ids, numbers), task_runs(session, ids, numbers)
    medicines = _medicines(session, ids)
    versions = _versions(session, {row.protocol_version_id for row in rows})
    return [
        Course(
            row.id,
            at[row.site_id],
            versions[row.protocol_version_id].protocol.name,
            versions[row.protocol_version_id].version,
            versions[row.protocol_version_id].infusions,
            _state(row.status.value, row.status_reason),
            row.status_reason,
            row.booked_at,
            row.closed_at,
            visits[row.id],
            rated[row.id],
            runs[row.id],
            medicines[row.id],
            beside[row.id, None].signatures,
            beside[row.id, None].addenda,
        )
        for row in rows
    ]


def _state(status: str, reason: str | None) -> str:
    return BY_MISTAKE if reason == MISTAKE and status in {"cancelled", "discontinued"} else status


def _visit(row: Infusion, log: Log | None, beside: Signed) -> Visit:
    return Visit(
        row.id,
        row.number,
        _state(row.status.value, row.status_reason),
        row.status_reason,
        row.starts_at,
        row.ends_at,
        row.local_day,
        row.confirmation == "confirmed",
        row.arrived_at,
        row.started_at,
        row.completed_at,
        row.stopped_early,
        row.counts,
        row.replaces_id,
        log,
        next(iter(beside.signatures), None),
        beside.addenda,
    )


def _versions(session: Session, ids: set[int]) -> dict[int, ProtocolVersion]:
    rows = session.scalars(
        select(ProtocolVersion).where(ProtocolVersion.id.in_(ids)).order_by(ProtocolVersion.id)
    )
    return {row.id: row for row in rows}


def _medicines(session: Session, course_ids: Sequence[int]) -> dict[int, list[Medicine]]:
    found: dict[int, list[Medicine]] = defaultdict(list)
    rows = select(CourseMedicine).where(CourseMedicine.course_id.in_(course_ids))
    for row in session.scalars(rows.order_by(CourseMedicine.id)):
        error = row.struck_reason or ""
        found[row.course_id].append(
            Medicine(row.id, row.name, row.dose, row.from_day, row.until_day, row.noted_at, error)
        )
    return found

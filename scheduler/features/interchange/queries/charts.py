"""Charts of some patients: the patients, their courses, and what belongs to each."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.interchange.queries.courses import courses
from scheduler.features.interchange.queries.people import persons, sites
from scheduler.features.interchange.queries.ratings import instruments
from scheduler.models import Course as CourseRow
from scheduler.models import Patient
from scheduler.rendering.fhir.facts import Chart, Instrument, Site


def patient_chart(session: Session, patient_id: int) -> Chart:
    """One patient with all courses, and the records merged with theirs. Raises NotFoundError."""
    return _with_merged(session, _one(session, patient_id))


def course_chart(session: Session, course_id: int) -> Chart:
    """One course with its patient. Raises NotFoundError."""
    patient_id = session.scalar(select(CourseRow.patient_id).where(CourseRow.id == course_id))
    if patient_id is None:
        raise NotFoundError("There is no such course.")
    return _with_merged(session, _one(session, patient_id, course_id))


def charts(session: Session, patient_ids: Sequence[int], course_id: int | None = None) -> list[Chart]:
    """The charts of these patients, by id, with all courses or with one. Records merged are not included."""
    at = sites(session)
    people = persons(session, patient_ids, at)
    rows = select(CourseRow).where(CourseRow.patient_id.in_(patient_ids))
    if course_id is not None:
        rows = rows.where(CourseRow.id == course_id)
    found = session.scalars(rows.order_by(CourseRow.id)).all()
    owned = defaultdict(list)
    for row, course in zip(found, courses(session, found, at), strict=True):
        owned[row.patient_id].append(course)
    return [Chart(people[id_], owned[id_]) for id_ in patient_ids if id_ in people]


def unowned(session: Session) -> tuple[list[Site], list[Instrument]]:
    """What charts refer to and no patient owns: all sites, all instruments."""
    return list(sites(session).values()), instruments(session)


def _one(session: Session, patient_id: int, course_id: int | None = None) -> Chart:
    found = charts(session, [patient_id], course_id)
    if not found:
        raise NotFoundError("There is no such patient.")
    return found[0]


def _with_merged(session: Session, chart: Chart) -> Chart:
    """The chart with all records that its links lead to, however far."""
    ids, seen = _links(session, [chart.person.id]), {chart.person.id}
    while new := [id_ for id_ in ids if id_ not in seen]:
        seen.update(new)
        ids = _links(session, new)
    people = persons(session, sorted(seen), sites(session))
    return Chart(chart.person, chart.courses, [people[id_] for id_ in sorted(seen) if id_ != chart.person.id])


def _links(session: Session, ids: Sequence[int]) -> list[int]:
    pairs = session.execute(
        select(Patient.id, Patient.merged_into_id)
        .where(Patient.merged_into_id.is_not(None))
        .where(Patient.id.in_(ids) | Patient.merged_into_id.in_(ids))
        .order_by(Patient.id)
    )
    return [id_ for pair in pairs for id_ in pair]

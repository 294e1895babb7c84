"""The current ratings of a course as series, one for each version of each instrument."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.ratings.own.known import known
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Series, Value
from scheduler.features.ratings.timing import hours
from scheduler.models import Infusion, InfusionStatus, ProtocolPhase, Rating

BEGUN = (InfusionStatus.IN_PROGRESS, InfusionStatus.COMPLETED)


def series_of(session: Session, course_id: int) -> dict[Key, Series]:
    """All series of a course by code and version."""
    return series_of_all(session, [course_id])[course_id]


def series_of_all(session: Session, course_ids: Sequence[int]) -> dict[int, dict[Key, Series]]:
    """All series of several courses by course id, in one query."""
    rows = session.execute(
        select(
            Rating.course_id,
            Rating.instrument,
            Rating.instrument_version,
            Rating.rated_at,
            Rating.time_point,
            Rating.total,
            func.coalesce(Infusion.number, 0),
            Rating.week,
            Rating.id,
            Rating.infusion_id,
        )
        .outerjoin(Infusion, Infusion.id == Rating.infusion_id)
        .where(Rating.course_id.in_(course_ids), Rating.voided_at.is_(None))
        .order_by(Rating.rated_at, Rating.id)
    )
    everything = known(session)
    found: dict[int, dict[Key, list[Value]]] = {course_id: {} for course_id in course_ids}
    for course_id, code, version, *facts in rows:
        found[course_id].setdefault((code, version), []).append(Value(*facts))
    return {
        course_id: {key: Series(everything[key], tuple(values)) for key, values in sorted(series.items())}
        for course_id, series in found.items()
    }


def series_in(session: Session, ratings: Iterable[Any]) -> dict[Key, Series]:
    """The series of a course from the ratings of it that stand, read by somebody in the order of their true
    time, with the `number` of their infusion.
    """
    everything = known(session)
    found: dict[Key, list[Value]] = {}
    for row in ratings:
        value = Value(
            row.rated_at, row.time_point, row.total, row.number or 0, row.week, row.id, row.infusion_id
        )
        found.setdefault((row.instrument, row.instrument_version), []).append(value)
    return {key: Series(everything[key], tuple(values)) for key, values in sorted(found.items())}


def first_infusion_at(session: Session, course_id: int) -> datetime | None:
    """When the infusion itself began at the first visit that took place; None before that."""
    visit = session.scalar(
        select(Infusion)
        .where(Infusion.course_id == course_id, Infusion.status.in_(BEGUN))
        .order_by(Infusion.starts_at, Infusion.id)
        .limit(1)
    )
    return hours(visit, visit.course.protocol_version.phases).infusion_at if visit else None


def first_infusion_in(visits: Iterable[Infusion], phases: Sequence[ProtocolPhase]) -> datetime | None:
    """The same from visits that somebody has read by date."""
    visit = next((one for one in visits if one.status in BEGUN), None)
    return hours(visit, phases).infusion_at if visit else None

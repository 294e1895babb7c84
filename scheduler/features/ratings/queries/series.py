"""The current ratings of a course as series, one for each version of each instrument."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.features.ratings.instruments import INSTRUMENTS
from scheduler.features.ratings.plan import Key
from scheduler.features.ratings.progress import Series, Value
from scheduler.features.ratings.timing import hours
from scheduler.models import Infusion, InfusionStatus, Rating

BEGUN = (InfusionStatus.IN_PROGRESS, InfusionStatus.COMPLETED)


def series_of(session: Session, course_id: int) -> dict[Key, Series]:
    """All series of a course by code and version."""
    rows = session.execute(
        select(
            Rating.instrument,
            Rating.instrument_version,
            Rating.rated_at,
            Rating.time_point,
            Rating.total,
            func.coalesce(Infusion.number, 0),
            Rating.week,
            Rating.id,
        )
        .outerjoin(Infusion, Infusion.id == Rating.infusion_id)
        .where(Rating.course_id == course_id, Rating.voided_at.is_(None))
        .order_by(Rating.rated_at, Rating.id)
    )
    found: dict[Key, list[Value]] = {}
    for code, version, rated_at, point, total, number, week, rating_id in rows:
        value = Value(rated_at, point, total, number, week, rating_id)
        found.setdefault((code, version), []).append(value)
    return {key: Series(INSTRUMENTS[key], tuple(values)) for key, values in sorted(found.items())}


def first_infusion_at(session: Session, course_id: int) -> datetime | None:
    """When the infusion itself began at the first visit that took place; None before that."""
    visit = session.scalar(
        select(Infusion)
        .where(Infusion.course_id == course_id, Infusion.status.in_(BEGUN))
        .order_by(Infusion.starts_at, Infusion.id)
        .limit(1)
    )
    return hours(visit, visit.course.protocol_version.phases).infusion_at if visit else None

"""The ratings of a course as plain facts, those that were corrected too."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from scheduler.features.ratings.own.known import Known, known
from scheduler.features.ratings.scoring import band_of
from scheduler.features.review.canonical import Facts, plain
from scheduler.features.review.queries.people import Who
from scheduler.features.review.queries.visits import picked
from scheduler.models import Infusion, Rating, TimePoint

RATING = (
    "id", "instrument", "instrument_version", "language", "time_point", "week", "infusion_id", "answers",
    "total", "source", "rated_at", "entered_at", "voided_at", "void_reason",
)  # fmt: skip


def ratings_of(session: Session, course_id: int, who: Who, until: datetime) -> list[Facts]:
    """All ratings by their true time, but for the weekly ones that came after `until`, a signature."""
    query = (
        select(Rating, Infusion.number)
        .outerjoin(Infusion, Infusion.id == Rating.infusion_id)
        .where(Rating.course_id == course_id)
        .where(or_(Rating.time_point != TimePoint.WEEKLY, Rating.entered_at <= until))
        .order_by(Rating.rated_at, Rating.id)
    )
    everything = known(session)
    return [_facts(everything, row, number, who) for row, number in session.execute(query)]


def _facts(everything: Known, row: Rating, number: int | None, who: Who) -> Facts:
    instrument = everything[row.instrument, row.instrument_version]
    return {
        **picked(row, RATING),
        "number": number,
        "name": instrument.name,
        "total_most": instrument.total_most,
        "band": band_of(instrument, row.total),
        "by": plain(who(row.entered_by_id)),
    }

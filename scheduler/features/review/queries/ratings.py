"""The ratings of a course as plain facts, those that were corrected too."""

from datetime import datetime
from typing import Any

from scheduler.features.ratings.own.known import Known, known
from scheduler.features.ratings.scoring import band_of
from scheduler.features.review.queries.people import Who
from scheduler.features.review.queries.rows import CourseRows
from scheduler.features.review.queries.visits import picked
from scheduler.models import TimePoint
from scheduler.rendering.canonical import Facts, plain

RATING = (
    "id", "instrument", "instrument_version", "language", "time_point", "week", "infusion_id", "answers",
    "total", "source", "rated_at", "entered_at", "voided_at", "void_reason",
)  # fmt: skip


def ratings_of(rows: CourseRows, until: datetime) -> list[Facts]:
    """All ratings by their true time, but for the weekly ones that came after `until`, a signature."""
    everything = known(rows.session)
    return [
        _facts(everything, row, rows.who)
        for row in rows.ratings
        if row.time_point is not TimePoint.WEEKLY or row.entered_at <= until
    ]


def _facts(everything: Known, row: Any, who: Who) -> Facts:
    instrument = everything[row.instrument, row.instrument_version]
    return {
        **picked(row, RATING),
        "number": row.number,
        "name": instrument.name,
        "total_most": instrument.total_most,
        "band": band_of(instrument, row.total),
        "by": plain(who(row.entered_by_id)),
    }

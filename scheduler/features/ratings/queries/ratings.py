"""The ratings themselves, and which are given and due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.ratings.instruments import ANXIETY_NOW
from scheduler.features.ratings.plan import plan_of
from scheduler.features.ratings.timing import Lack, hours, lacking
from scheduler.models import Infusion, ProtocolVersion, Rating, RatingSource, TimePoint, User


@dataclass(frozen=True)
class RatingRow:
    """One recorded rating: its total of at most `most`, who entered it and by which way, and why it was
    voided, if it was.
    """

    id: int
    time_point: TimePoint
    total: int | None
    most: int
    rated_at: datetime
    entered_at: datetime
    entered_by: str | None
    source: RatingSource
    voided_at: datetime | None
    void_reason: str | None


def of_infusion(session: Session, infusion_id: int) -> list[RatingRow]:
    """All "anxiety now" ratings of one infusion, voided ones too, by time point, oldest first."""
    rows = session.execute(
        select(Rating, User.name)
        .outerjoin(User, User.id == Rating.entered_by_id)
        .where(Rating.infusion_id == infusion_id, Rating.instrument == ANXIETY_NOW.code)
        .order_by(Rating.time_point.desc(), Rating.id)
    ).all()
    return [_row(rating, name) for rating, name in rows]


def _row(rating: Rating, entered_by: str | None) -> RatingRow:
    return RatingRow(
        rating.id,
        rating.time_point,
        rating.total,
        ANXIETY_NOW.most,
        rating.rated_at,
        rating.entered_at,
        entered_by,
        rating.source,
        rating.voided_at,
        rating.void_reason,
    )


def given(session: Session, infusion_ids: Iterable[int]) -> dict[int, frozenset[tuple[TimePoint, str]]]:
    """Which instruments were answered at which time points of these infusions; no values are read."""
    found: dict[int, set[tuple[TimePoint, str]]] = {}
    rows = session.execute(
        select(Rating.infusion_id, Rating.time_point, Rating.instrument)
        .where(Rating.infusion_id.in_(list(infusion_ids)), Rating.voided_at.is_(None))
        .order_by(Rating.infusion_id, Rating.time_point)
    )
    for infusion_id, point, instrument in rows:
        found.setdefault(infusion_id or 0, set()).add((point, instrument))
    return {infusion_id: frozenset(pairs) for infusion_id, pairs in found.items()}


def due(
    session: Session,
    infusions: Sequence[Infusion],
    versions: Mapping[int, ProtocolVersion],
    now: datetime,
) -> dict[int, tuple[Lack, ...]]:
    """The time points of each infusion (by id) that could have been rated by `now` and were not.

    `versions` gives each course's protocol version, by course id. No values are read.
    """
    known = given(session, [infusion.id for infusion in infusions])
    found = {}
    for infusion in infusions:
        version = versions[infusion.course_id]
        pairs = known.get(infusion.id, frozenset())
        filled = plan_of(version.rating_plan).filled(infusion.number, version.infusions, pairs)
        found[infusion.id] = lacking(infusion.status, hours(infusion, version.phases), filled, now)
    return found

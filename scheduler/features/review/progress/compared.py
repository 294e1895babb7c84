"""Which past courses stand beside this one, and what they were rated.

They are the newest two hundred of other patients with as many infusions. What they say changes slowly, and
every chart that is opened asks for it: it is kept in the process for as long as no rating was given and no
course changed anywhere, and five minutes at most, so that a rating that was struck out there is gone soon. A
session that may write, and may take back what it wrote, reads anew.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Pool, bindparam, func, or_, select
from sqlalchemy.orm import Session

from scheduler.db.database import ONE_STATE
from scheduler.features.ratings.progress import Series
from scheduler.features.review.progress.past import Middle, PastOccasion, beside, middles
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import Course, CourseChange, Infusion, InfusionStatus, ProtocolVersion, Rating
from scheduler.rendering.trajectory import Past

COMPARED = 200
"""The newest past courses are compared: what the clinic did years ago says less, and the page stays quick."""
MINUTES = 5
KEPT = 64
Middles = Mapping[PastOccasion, Middle]

_courses, _versions = Course.__table__, ProtocolVersion.__table__
_ratings, _infusions = Rating.__table__, Infusion.__table__
_number: Any = func.coalesce(_infusions.c.number, 0)
_newest = (
    select(_courses.c.id)
    .join(_versions, _versions.c.id == _courses.c.protocol_version_id)
    .where(
        _courses.c.closed_at.is_not(None),
        _courses.c.patient_id != bindparam("patient_id"),
        _versions.c.infusions == bindparam("infusions"),
    )
    .order_by(_courses.c.closed_at.desc(), _courses.c.id.desc())
    .limit(COMPARED)
    .subquery()
)
_occasion = (_ratings.c.time_point, _number, _ratings.c.week, _ratings.c.total)
TOTALS = (
    select(*_occasion, func.count())
    .join(_newest, _newest.c.id == _ratings.c.course_id)
    .outerjoin(_infusions, _infusions.c.id == _ratings.c.infusion_id)
    .where(
        _ratings.c.instrument == bindparam("instrument"),
        _ratings.c.instrument_version == bindparam("version"),
        _ratings.c.voided_at.is_(None),
        _ratings.c.total.is_not(None),
        or_(_ratings.c.infusion_id.is_(None), _infusions.c.status == InfusionStatus.COMPLETED),
    )
    .group_by(*_occasion)
    .order_by(*_occasion)
)
STAMP = select(
    select(func.max(_ratings.c.id)).scalar_subquery(),
    select(func.max(CourseChange.__table__.c.id)).scalar_subquery(),
)
_kept: WeakKeyDictionary[Pool, OrderedDict[Hashable, Middles]] = WeakKeyDictionary()
_lock = Lock()


def past_of(rows: CourseRows, series: Series, now: datetime, zone: ZoneInfo) -> Past | None:
    """Other patients' past courses of as many infusions, at the occasions that this course has had."""
    places = {(one.slot.point, one.number, one.slot.week): one.due_at for one in rows.asked.occasions}
    places |= {(value.point, value.number, value.week): value.rated_at for value in series.complete}
    here = {occasion: at.astimezone(zone) for occasion, at in places.items() if at <= now}
    code, version = series.instrument.key
    asked = {
        "patient_id": rows.whose.patient.id,
        "infusions": rows.whose.version.infusions,
        "instrument": code,
        "version": version,
    }
    return beside(_middles(rows.session, asked, now), here)


def _middles(session: Session, asked: dict[str, Any], now: datetime) -> Middles:
    if not session.info.get(ONE_STATE):
        return _read(session, asked)
    stamp = session.execute(STAMP).one()
    key = (*asked.values(), *stamp, int(now.timestamp()) // (60 * MINUTES))
    pool = session.connection().engine.pool
    with _lock:
        found = _kept.setdefault(pool, OrderedDict()).get(key)
    if found is None:
        found = _read(session, asked)
        with _lock:
            kept = _kept[pool]
            kept[key] = found
            while len(kept) > KEPT:
                kept.popitem(last=False)
    return found


def _read(session: Session, asked: dict[str, Any]) -> Middles:
    rows = session.execute(TOTALS, asked)
    return middles(((point, number, week), total, count) for point, number, week, total, count in rows)

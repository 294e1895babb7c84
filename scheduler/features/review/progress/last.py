"""A course beside the patient's last one: what each instrument said then and now.

Two versions of an instrument ask different questions: each has a line and a drawing of its own, and what was
asked in one course alone stands beside an empty place, never beside the other version.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.ratings.plan import Key
from scheduler.features.review.progress.facts import CourseProgress, Standing
from scheduler.features.review.progress.queries import progress_in
from scheduler.features.review.queries.rows import CourseRows
from scheduler.models import Infusion, InfusionStatus
from scheduler.rendering.trajectory import Track, TrajectoryFacts, beside_svgs

NO_LAST = "This is the patient's first course here: there is none to compare it with."
_visits = Infusion.__table__
_LAST = (
    select(_visits.c.course_id)
    .where(
        _visits.c.patient_id == bindparam("patient_id"),
        _visits.c.course_id != bindparam("course_id"),
        _visits.c.status == InfusionStatus.COMPLETED,
        _visits.c.starts_at < bindparam("begin"),
    )
    .group_by(_visits.c.course_id)
    .order_by(func.max(_visits.c.starts_at).desc(), _visits.c.course_id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Side:
    """One of the two courses; days at its site, None before its first infusion."""

    course_id: int
    protocol: str
    given: int
    planned: int
    first: date | None
    last: date | None
    progress: CourseProgress
    picture: Any


@dataclass(frozen=True)
class Pair:
    """One version of one instrument in both; None where it was not asked."""

    name: str
    before: Standing | None
    now: Standing | None


@dataclass(frozen=True)
class BesideLast:
    """The page. `days` lie between the last infusion then and the first one now, None before that."""

    patient_id: int
    patient: str
    before: Side
    now: Side
    pairs: Sequence[Pair]
    days: int | None


def last_course(rows: CourseRows) -> int | None:
    """The course before this one: of the patient's others the one whose infusions ended latest before it."""
    visits = rows.taking_place
    begin = visits[0].starts_at if visits else rows.whose.course.booked_at
    return rows.session.scalar(
        _LAST, {"patient_id": rows.whose.patient.id, "course_id": rows.course_id, "begin": begin}
    )


def beside_last(session: Session, course_id: int, now: datetime) -> BesideLast:
    """A course beside the last one. Raises NotFoundError where there is no such course, or none before."""
    rows = CourseRows(session, course_id)
    earlier = last_course(rows)
    if earlier is None:
        raise NotFoundError(NO_LAST)
    both = CourseRows(session, earlier), rows
    then, this = (progress_in(one, now) for one in both)
    names = _names(then, this)
    pictures = beside_svgs(*(_drawn(one, names, then, this) for one in (then, this)))
    before, after = (
        _side(one, progress, picture)
        for one, progress, picture in zip(both, (then, this), pictures, strict=True)
    )
    known = [dict(zip(one.keys, one.standings, strict=True)) for one in (then, this)]
    return BesideLast(
        patient_id=rows.whose.patient.id,
        patient=rows.whose.patient.name,
        before=before,
        now=after,
        pairs=[Pair(name, known[0].get(key), known[1].get(key)) for key, name in names.items()],
        days=(after.first - before.last).days if after.first and before.last else None,
    )


def _names(then: CourseProgress, this: CourseProgress) -> dict[Key, str]:
    """All that was asked, this course's first; the version stands in the name where there are two."""
    found = {
        key: standing.name
        for one in (then, this)
        for key, standing in zip(one.keys, one.standings, strict=True)
    }
    codes = [code for code, _ in found]
    order = [*this.keys, *(key for key in then.keys if key not in this.keys)]
    return {
        key: found[key]
        if codes.count(key[0]) == 1
        else f"{found[key].partition(', version')[0]}, version {key[1]}"
        for key in order
    }


def _drawn(
    one: CourseProgress, names: dict[Key, str], then: CourseProgress, this: CourseProgress
) -> TrajectoryFacts:
    """Its own tracks, and an empty one for each that the other has alone; both of the same height.

    Marks such as the one for a response follow from a course's own baseline: they stay with its own drawing.
    """
    own = dict(zip(one.keys, one.facts.tracks, strict=True))
    shapes = {
        key: track for each in (then, this) for key, track in zip(each.keys, each.facts.tracks, strict=True)
    }
    tracks = [
        replace(
            own.get(key) or _empty(shapes[key]),
            name=names[key],
            lines=(),
            past=None,
            is_primary=shapes[key].is_primary,
        )
        for key in sorted(names, key=lambda key: bool(shapes[key].pairs))
    ]
    return TrajectoryFacts(tracks=tracks, visits=one.facts.visits, has_chart=False)


def _empty(track: Track) -> Track:
    return replace(track, points=(), pairs=(), missing=())


def _side(rows: CourseRows, progress: CourseProgress, picture: Any) -> Side:
    zone = ZoneInfo(rows.whose.site.tz)
    given = [visit for visit in rows.taking_place if visit.status is InfusionStatus.COMPLETED]
    days = [visit.starts_at.astimezone(zone).date() for visit in given]
    return Side(
        course_id=rows.course_id,
        protocol=rows.whose.version.protocol.name,
        given=sum(visit.counted for visit in given),
        planned=rows.whose.version.infusions,
        first=days[0] if days else None,
        last=days[-1] if days else None,
        progress=progress,
        picture=picture,
    )
